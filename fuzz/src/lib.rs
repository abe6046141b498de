//! What the fuzz targets share: promises that hold for whatever was read.

use std::io::{Cursor, Write};

use notation::musicxml::write::{self, WriteError};
use notation::{ImportError, ImportOptions, Quarters, Score, Unfold, read_score};
use performance::Performance;
use performance::midi::PlayedMidi;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How scores are read: with the limits of the app and both ways to unfold.
pub fn import_options() -> [ImportOptions; 2] {
    [Unfold::Maximal, Unfold::AsWritten].map(|unfold| ImportOptions { unfold, ..ImportOptions::default() })
}

/// Panics unless the score is what [`Score`] promises and lies within the limits.
pub fn check_score(score: &Score) {
    let limits = ImportOptions::default().limits;
    assert!(!score.notes.is_empty() && score.notes.len() <= limits.notes);
    assert!(score.measures.len() <= limits.measures && score.parts.len() <= limits.parts);
    assert!(score.measures.windows(2).all(|m| m[0].end == m[1].start));
    assert!(score.measures.iter().all(|m| m.start <= m.end && m.time.beat_length() > Quarters::ZERO));
    let order = |n: &notation::Note| (n.onset, n.pitch);
    assert!(score.notes.is_sorted_by_key(order));
    for note in &score.notes {
        assert!((note.measure as usize) < score.measures.len());
        assert!((note.part as usize) < score.parts.len());
        assert!(note.duration >= Quarters::ZERO && note.pitch <= 127);
    }
    assert!(score.directions.is_sorted_by_key(|d| d.onset));
    assert!(score.end() <= Quarters::whole(2 * limits.quarters));
}

/// Panics unless the score comes back from the MusicXML that is written of it: all of it but warnings,
/// identifiers of parts, and the order of what stands at one point.
pub fn check_written(score: &Score) {
    let text = match write::write(score) {
        Ok(text) => text,
        Err(WriteError::TooFine { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let back = match read_score("written", text.as_bytes(), &ImportOptions::default()) {
        Ok(back) => back,
        // The same music takes more bytes and heads than the file that it came from.
        Err(ImportError::InFile { source, .. }) if matches!(*source, ImportError::TooLarge { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(in_order(back), in_order(score.clone()));
}

fn in_order(mut score: Score) -> Score {
    score.warnings.clear();
    score.parts.iter_mut().for_each(|part| part.id.clear());
    score.notes.sort_by_key(|note| (note.onset, note.pitch, note.id));
    score.directions.sort_by_key(|direction| (direction.onset, direction.part));
    score
}

/// Panics unless the performance belongs to the score and all its times are times.
pub fn check_performance(score: &Score, played: &Performance) {
    assert!(played.notes.windows(2).all(|n| n[0].note < n[1].note));
    for note in &played.notes {
        assert!((note.note as usize) < score.notes.len());
        assert!(note.onset_secs.is_finite() && note.onset_secs >= 0.0);
        assert!(note.duration_secs.is_finite() && note.duration_secs >= 0.0);
        assert!((1..=127).contains(&note.velocity));
    }
}

/// Panics unless the recording is in order.
pub fn check_recording(played: &PlayedMidi) {
    assert!(!played.notes.is_empty());
    assert!(played.notes.is_sorted_by_key(|n| (n.onset_secs, n.pitch)));
    for note in &played.notes {
        assert!(note.onset_secs.is_finite() && note.onset_secs >= 0.0);
        assert!(note.duration_secs.is_finite() && note.duration_secs >= 0.0);
        assert!((1..=127).contains(&note.velocity) && note.pitch <= 127);
    }
}

/// A zip archive around the data. Its first byte chooses packing and names; zero bytes part what
/// follows into the files.
pub fn archive(data: &[u8]) -> Option<Vec<u8>> {
    let (choice, rest) = data.split_first()?;
    let method = if choice & 1 == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    let first = if choice & 2 == 0 { "META-INF/container.xml" } else { "a.xml" };
    let options = SimpleFileOptions::default().compression_method(method);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (k, bytes) in rest.split(|b| *b == 0).take(8).enumerate() {
        let name = if k == 0 { first.to_owned() } else { format!("score{k}.musicxml") };
        zip.start_file(name, options).ok()?;
        zip.write_all(bytes).ok()?;
    }
    let mut bytes = zip.finish().ok()?.into_inner();
    if choice & 4 != 0 {
        // What the directory says of the sizes is not true.
        let at = bytes.windows(4).position(|w| w == b"PK\x01\x02")?;
        bytes.get_mut(at + 20..at + 28)?.fill(*choice);
    }
    Some(bytes)
}
