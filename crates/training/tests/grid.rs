//! Tempo maps are exact, and estimated beats as right as is told.
#![allow(clippy::unwrap_used)]

use application::Folders;
use training::evaluate::grid::{Options, run};

#[test]
#[ignore = "needs the data folder"]
fn published_outputs_are_within_a_tick_and_beats_are_mostly_found_needs_data() {
    let data = Folders::find().data.unwrap();
    let report = run(&Options { data, ..Options::default() }, &|_| {}).unwrap();
    println!("{report}");
    assert_eq!(report.published.len(), 23);
    for piece in &report.published {
        let (ours, number) = (piece.ours, piece.piece);
        // A note shorter than a tick lasts one, so its end may be half a tick later still.
        assert!(ours.worst_ticks <= 1.0 && piece.worst_end_ticks <= 1.5, "{number}: {piece:?}");
        // A lead-in and written changes of tempo within beats besides.
        assert!(
            10 * ours.tempo_events <= 11 * piece.beats + 160,
            "{number}: {} beats, {ours:?}",
            piece.beats
        );
        assert!(ours.mean_secs < piece.theirs.mean_secs, "{number}: {:?}", piece.theirs);
        assert!(piece.changed * 100 <= piece.notes, "{number}: {} of {}", piece.changed, piece.notes);
    }
    let beats = report.beats.unwrap();
    assert_eq!(beats.all.recordings, 96);
    assert!(beats.all.beats > 0.55 && beats.all.beats_at_half_or_double > 0.65, "{:?}", beats.all);
    let [sure, _, unsure] = beats.by_sureness;
    assert!(sure.beats > unsure.beats, "{sure:?} {unsure:?}");
}
