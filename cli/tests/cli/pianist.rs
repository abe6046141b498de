//! The Pianist Transformer on whole pieces: performed, bars 5 to 8 anew, written, read back.

use std::path::Path;

use notation::Marks;
use performance::PlayedNote;

use crate::program::{Ran, Sandbox, read, root, scores};
use crate::regions::measures;

/// Signs whose other keys are added when a take is written.
const SIGNS: Marks = Marks::TRILL.union(Marks::MORDENT).union(Marks::TURN).union(Marks::TREMOLO);

#[test]
fn no_note_of_a_committed_piece_is_lost_or_added() {
    for piece in scores() {
        keeps_every_note(&piece);
    }
}

#[test]
#[ignore = "needs the data folder"]
fn no_note_of_a_published_piece_is_lost_or_added_needs_data() {
    let data = application::Folders::find().data.unwrap();
    for name in ["gymnopedie_1", "burgmuller_arabesque", "schubert_moment_3"] {
        keeps_every_note(&data.join("public-domain-scores").join(name).with_extension("musicxml"));
    }
}

fn keeps_every_note(piece: &Path) {
    let sandbox = Sandbox::new();
    let path = piece.to_string_lossy().into_owned();
    let perform = |args: &[&str]| {
        let own = ["perform", &path, "--performer", "pianist-transformer", "--exact"];
        let mut command = sandbox.program(&[&own[..], args].concat());
        command.env("ESPRESSIVO_MODELS", root().join("models"));
        let ran = Ran::of(command);
        assert_eq!(ran.code, Some(0), "{path}: {}", ran.err);
    };
    perform(&["--seed", "1", "-o", "whole.mid"]);
    perform(&["--seed", "2", "--bars", "5-8", "--of", "whole.mid", "-o", "again.mid"]);
    let score = read(&path);
    let inside = score.notes_in_measures(measures(&path, "5", "8"));
    let takes = ["whole.mid", "again.mid"].map(|file| {
        let take = sandbox.take(file, &score);
        let notes: Vec<u32> = take.notes.iter().map(|note| note.note).collect();
        assert!(notes.iter().copied().eq(0..score.notes.len() as u32), "{path}, {file}: {notes:?}");
        if score.notes.iter().all(|note| !note.marks.intersects(SIGNS)) {
            assert_eq!(sandbox.midi(file).notes.len(), score.notes.len(), "{path}, {file}");
        }
        take.notes
    });
    let [old, new] = takes.map(|notes| -> [Vec<PlayedNote>; 2] {
        let (inside, outside) = notes.iter().partition(|note| inside.contains(&(note.note as usize)));
        [inside, outside]
    });
    assert_eq!(old[1], new[1], "{path}: outside the bars");
    assert_ne!(old[0], new[0], "{path}: within the bars");
}
