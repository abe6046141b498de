//! `espressivo compose`.

use crate::program::{MINUET, Ran, Sandbox, read, score};

#[test]
fn what_cannot_be_composed_is_said_before_anything_is_written() {
    let sandbox = Sandbox::new();
    for wrong in
        [["--bars", "0"], ["--bars", "257"], ["--temperature", "3"], ["--from", "2"], ["--count", "0"]]
    {
        let ran = sandbox.run(&[&["compose"][..], &wrong].concat());
        assert_eq!(ran.code, Some(2), "{wrong:?}: {}", ran.err);
    }
    let minuet = score(MINUET);
    sandbox.run(&["compose", "--continue", &minuet, "--from", "99"]).failed_with(&[
        &minuet,
        "there is no bar",
        "the last bar of this score",
    ]);
    sandbox
        .run(&["compose", "--continue", &minuet, "--from", "1"])
        .failed_with(&[&minuet, "choose one of 2"]);
    sandbox.run(&["compose", "-o", "piece.mid"]).failed_with(&["piece.mid", ".musicxml"]);
    sandbox.run(&["compose", "--like", "nowhere.musicxml"]).failed_with(&["nowhere.musicxml"]);
    assert!(sandbox.files().is_empty());
}

#[test]
fn files_that_exist_are_kept() {
    let sandbox = Sandbox::new();
    sandbox.put("new-piece-4.mid", "mine");
    sandbox.run(&["compose", "--seed", "4"]).failed_with(&["new-piece-4.mid", "exists", "--force"]);
    assert_eq!(sandbox.files().len(), 1);
}

#[test]
fn a_missing_model_is_told_with_what_to_do() {
    let sandbox = Sandbox::new();
    let mut program = sandbox.program(&["compose", "--bars", "2"]);
    program.env("ESPRESSIVO_MODELS", "nowhere");
    Ran::of(program).failed_with(&["nowhere", "xmvae", "config.json", "`espressivo train xmvae`"]);
    assert!(sandbox.files().is_empty());
}

#[test]
fn a_piece_is_written_and_performed() {
    let sandbox = Sandbox::new();
    let args = ["compose", "--bars", "4", "--seed", "3", "-o", "piece.musicxml"];
    let json = sandbox.ok(&[&args[..], &["--json"]].concat()).json();
    let row = &json["pieces"][0];
    assert_eq!((row["seed"].as_u64(), row["bars"].as_u64()), (Some(3), Some(4)));
    let piece = read(sandbox.path("piece.musicxml"));
    assert_eq!(piece.measures.len(), 4);
    let midi =
        performance::midi::read_performance(&std::fs::read(sandbox.path("piece.mid")).unwrap()).unwrap();
    assert_eq!(midi.notes.len(), piece.notes.len());
    let first = std::fs::read(sandbox.path("piece.musicxml")).unwrap();
    sandbox.ok(&[&args[..], &["--force"]].concat());
    assert_eq!(
        std::fs::read(sandbox.path("piece.musicxml")).unwrap(),
        first,
        "the same seed, the same piece"
    );
}

#[test]
fn bars_before_the_new_ones_are_kept() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    sandbox.ok(&["compose", "--continue", &minuet, "--from", "5", "--bars", "2", "-o", "longer.musicxml"]);
    let (before, longer) = (read(&minuet), read(sandbox.path("longer.musicxml")));
    assert_eq!(longer.measures.len(), 6);
    assert_eq!(longer.measures[..4], before.measures[..4]);
    let own = |score: &notation::Score| {
        let notes = &score.notes[score.notes_in_measures(0..4)];
        notes.iter().map(|note| (note.id, note.onset, note.pitch)).collect::<Vec<_>>()
    };
    assert_eq!(own(&longer), own(&before));
}

#[test]
fn several_pieces_go_into_a_folder() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    sandbox.ok(&["compose", "--bars", "2", "--count", "2", "--like", &minuet, "-o", "pieces"]);
    for name in ["new-piece-1", "new-piece-2"] {
        assert_eq!(read(sandbox.path(&format!("pieces/{name}.musicxml"))).measures.len(), 2);
        assert!(sandbox.path(&format!("pieces/{name}.mid")).exists());
    }
}
