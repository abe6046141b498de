//! The scores of the data folder that have metronome marks.

use std::fs;
use std::io::Read;
use std::path::Path;

use analysis::tempo_marks::{self, Section};
use anyhow::{Context, Result};
use application::limits::SCORE_BYTES;
use flate2::read::GzDecoder;
use notation::{ImportOptions, Score, read_score};

/// Where the data folder has scores.
const FOLDERS: [&str; 4] =
    ["musicxml-corpus", "batik/musicxml", "mazurkabl/musicxml", "public-domain-scores"];

/// How the names of such files end.
const ENDINGS: [&str; 3] = [".musicxml.gz", ".musicxml", ".mxl"];

/// A score in which a person chose a tempo.
pub struct Marked {
    /// Name of the file without its ending.
    pub name: String,
    /// The score, repeats unfolded.
    pub score: Score,
    /// The sections that marks govern; at least one.
    pub sections: Vec<Section>,
}

impl Marked {
    /// Whether its marks are on the page.
    pub fn is_printed(&self) -> bool {
        self.sections.iter().any(|section| section.mark.is_printed)
    }
}

/// What there is.
#[derive(Default)]
pub struct Found {
    /// Scores with marks, in order of folder and name.
    pub marked: Vec<Marked>,
    /// How many have none.
    pub unmarked: usize,
}

/// Reads the scores; folders that are not there and files that cannot be read are reported and left out.
pub fn find(data: &Path, said: &(dyn Fn(&str) + Sync)) -> Result<Found> {
    let mut found = Found::default();
    for folder in FOLDERS.map(|folder| data.join(folder)) {
        if !folder.is_dir() {
            said(&format!("there are no scores at {}: left out", folder.display()));
            continue;
        }
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(name) = ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)) else { continue };
            match read(&path) {
                Ok(score) => {
                    let sections = tempo_marks::sections(&score);
                    if sections.is_empty() {
                        found.unmarked += 1;
                    } else {
                        found.marked.push(Marked { name: name.to_owned(), score, sections });
                    }
                }
                Err(why) => said(&format!("{file} is left out: {why:#}")),
            }
        }
    }
    Ok(found)
}

/// The name in `musicxml-corpus` of a folder of (n)ASAP.
pub fn corpus_name(folder: &str) -> String {
    folder.replace('/', "__")
}

fn read(path: &Path) -> Result<Score> {
    let file = fs::File::open(path)?;
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(file).take(SCORE_BYTES).read_to_end(&mut bytes)?;
    } else {
        file.take(SCORE_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(read_score(&path.display().to_string(), &bytes, &ImportOptions::default())?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Twelve bars of four quarters, with what stands in the first bar.
    fn musicxml(first: &str) -> String {
        let note = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration>\
                    <type>quarter</type></note>";
        let attributes = "<attributes><divisions>1</divisions><time><beats>4</beats>\
                          <beat-type>4</beat-type></time></attributes>";
        let bar = |number: usize| {
            let head = if number == 1 { format!("{attributes}{first}") } else { String::new() };
            format!("<measure number=\"{number}\">{head}{}</measure>", note.repeat(4))
        };
        let bars: String = (1..=12).map(bar).collect();
        format!(
            "<?xml version=\"1.0\"?><score-partwise><part-list><score-part id=\"P1\"><part-name/></score-part>\
             </part-list><part id=\"P1\">{bars}</part></score-partwise>"
        )
    }

    #[test]
    fn scores_with_printed_marks_with_tempi_for_playback_and_with_neither_are_told_apart() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("musicxml-corpus");
        fs::create_dir(&folder).unwrap();
        let write = |name: &str, text: &str| {
            let file = fs::File::create(folder.join(format!("{name}.musicxml.gz"))).unwrap();
            let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            packed.write_all(text.as_bytes()).unwrap();
            packed.finish().unwrap();
        };
        let printed = "<direction><direction-type><metronome><beat-unit>quarter</beat-unit>\
                       <per-minute>66</per-minute></metronome></direction-type></direction>";
        write("A__1", &musicxml(printed));
        write("B__1", &musicxml("<sound tempo=\"90\"/>"));
        write("C__1", &musicxml("<sound tempo=\"120\"/>"));
        write("D__1", "no score");
        let told = std::sync::Mutex::new(Vec::new());
        let found = find(data.path(), &|text| told.lock().unwrap().push(text.to_owned())).unwrap();
        let marked: Vec<_> = found.marked.iter().map(|m| (m.name.as_str(), m.is_printed())).collect();
        assert_eq!((marked, found.unmarked), (vec![("A__1", true), ("B__1", false)], 1));
        assert!(told.lock().unwrap().iter().any(|text| text.starts_with("D__1")));
        assert_eq!(corpus_name("A/1"), found.marked[0].name);
    }
}
