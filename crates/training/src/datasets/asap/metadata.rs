//! The table of all performances, `metadata.csv`.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::datasets::csv;

/// A performance of the set, with paths relative to the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Composer.
    pub composer: String,
    /// Title, unique with the composer.
    pub title: String,
    /// Folder of the score.
    pub folder: String,
    /// The score.
    pub xml_score: String,
    /// The performance.
    pub midi: String,
    /// The same performance in MAESTRO.
    pub maestro: Option<String>,
    /// Whether the note alignment was looked through and found good.
    pub robust: bool,
}

impl Listed {
    /// The path of the MIDI file without its extension.
    fn stem(&self) -> &str {
        self.midi.rsplit_once('.').map_or(&self.midi, |(stem, _)| stem)
    }

    /// Its note alignment. The table has this path too, but not right in every row.
    pub fn alignment(&self) -> String {
        format!("{}_note_alignments/note_alignment.tsv", self.stem())
    }

    /// Its annotated beats.
    pub fn annotations(&self) -> String {
        format!("{}_annotations.txt", self.stem())
    }
}

/// Reads the table of a checkout, ordered by folder, then file.
///
/// # Errors
/// When the table is missing, lacks a column or has a short line.
pub fn read(checkout: &Path) -> Result<Vec<Listed>> {
    let path = checkout.join("metadata.csv");
    let text = csv::read_text(&path).with_context(|| {
        format!("{} is no checkout of (n)ASAP: it has no metadata.csv", checkout.display())
    })?;
    let mut listed = parse(&text).with_context(|| format!("in {}", path.display()))?;
    listed.sort_by(|a, b| (&a.folder, &a.midi).cmp(&(&b.folder, &b.midi)));
    Ok(listed)
}

fn parse(text: &str) -> Result<Vec<Listed>> {
    let lines = csv::lines(text, ',');
    let (header, rows) = lines.split_first().context("the table is empty")?;
    let column = |name: &str| {
        let place = header.fields.iter().position(|f| f.trim() == name);
        place.with_context(|| format!("line {}: no column {name}", header.number))
    };
    let [composer, title, xml, midi] =
        [column("composer")?, column("title")?, column("xml_score")?, column("midi_performance")?];
    let (maestro, robust) = (column("maestro_midi_performance")?, column("robust_note_alignment")?);
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        let most = [composer, title, xml, midi, maestro, robust].into_iter().max().unwrap_or(0);
        ensure!(row.fields.len() > most, "line {}: only {} fields", row.number, row.fields.len());
        let get = |k: usize| row.fields[k].trim().to_owned();
        let folder = get(midi).rsplit_once('/').map(|(folder, _)| folder.to_owned());
        listed.push(Listed {
            composer: get(composer),
            title: get(title),
            folder: folder.with_context(|| format!("line {}: {} is in no folder", row.number, get(midi)))?,
            xml_score: get(xml),
            midi: get(midi),
            maestro: Some(get(maestro)).filter(|m| !m.is_empty()),
            robust: get(robust).parse::<f64>().is_ok_and(|r| r > 0.0),
        });
    }
    Ok(listed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TABLE: &str = "\
composer,title,xml_score,midi_performance,maestro_midi_performance,robust_note_alignment
Bach,Fugue_1,Bach/Fugue/1/xml_score.musicxml,Bach/Fugue/1/B.mid,,1.0
Bach,Fugue_1,Bach/Fugue/1/xml_score.musicxml,Bach/Fugue/1/A.mid,{maestro}/x.midi,
";

    #[test]
    fn rows_become_performances() {
        let listed = parse(TABLE).unwrap();
        assert_eq!((listed[0].robust, listed[0].maestro.as_deref()), (true, None));
        assert_eq!((listed[1].robust, listed[1].maestro.as_deref()), (false, Some("{maestro}/x.midi")));
        assert_eq!(listed[0].folder, "Bach/Fugue/1");
        assert_eq!(listed[0].alignment(), "Bach/Fugue/1/B_note_alignments/note_alignment.tsv");
        assert_eq!(listed[1].annotations(), "Bach/Fugue/1/A_annotations.txt");
    }

    #[test]
    fn what_is_missing_is_named_with_its_line() {
        let error = parse(&TABLE.replace("robust_note", "robust")).unwrap_err();
        assert_eq!(error.to_string(), "line 1: no column robust_note_alignment");
        let error = parse("composer,title,xml_score,midi_performance,maestro_midi_performance,robust_note_alignment\nBach,Fugue").unwrap_err();
        assert_eq!(error.to_string(), "line 2: only 2 fields");
    }
}
