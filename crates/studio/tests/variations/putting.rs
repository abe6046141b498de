//! Variations that are put into the piece.

use super::*;

#[test]
fn one_is_put_into_the_piece_undone_redone_kept_and_exported() {
    let mut harness = five();
    let before = state(&harness);
    let deadpan = exported(&mut harness, VersionId::Deadpan, None);
    let found = variation(&harness, 2);
    harness.ask(Command::PreviewVariation(Some(found.number)));
    let heard = notes(&harness, found.version);
    harness.ask(Command::PutVariation(found.number));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    assert_eq!(harness.project().undo.as_deref(), Some("Put variation 3 into the piece"));
    assert_eq!((harness.project().takes.len(), harness.project().listening), (2, found.version));
    assert_eq!(variation(&harness, 2).state, VariationState::Put);
    let put = state(&harness);
    assert_eq!(put[1], before[1], "the take plays what it played");
    assert_eq!([put[0].1, put[1].1, put[2].1], [1, 0, 1].map(ScoreId));
    assert_eq!(notes(&harness, found.version), heard, "it is played as it was heard");
    assert_eq!(harness.face.score.as_ref().unwrap().id, ScoreId(1), "the piece is the varied one");

    // The deadpan as MIDI, note by note: all that is outside the bars is where it was.
    let new = exported(&mut harness, VersionId::Deadpan, None);
    let varied = &written(SEED)[2].score;
    let old = score_of(&minuet());
    let bars = old.notes_in_measures(BARS);
    assert_eq!(new.len(), deadpan.len());
    assert_eq!(new[..bars.start], deadpan[..bars.start]);
    assert_eq!(new[bars.end..], deadpan[bars.end..]);
    let start = deadpan[bars.start].1;
    let quarter_secs = (deadpan[bars.end].1 - start) / 12.0;
    for (written, played) in in_time(varied).into_iter().zip(&new[bars]) {
        let expected = start + written.onset.to_f64() * quarter_secs;
        let is_in_time = written.grace.is_some() || (played.1 - expected).abs() < 0.002;
        assert!(written.pitch == played.0 && is_in_time, "{written:?} {played:?}");
    }

    harness.ask(Command::Undo);
    assert_eq!(state(&harness), before, "to the bit");
    assert_eq!((harness.project().listening, variation(&harness, 2).state), (TAKE, VariationState::New));
    assert_eq!(notes(&harness, found.version), heard, "it can still be heard");
    harness.ask(Command::Redo);
    assert_eq!(state(&harness), put);

    // What follows is done with the piece as it is now.
    harness.perform(PerformRequest { of: found.version, bars: Some(BARS), ..request(9) });
    let take = harness.project().takes[2].clone();
    assert_eq!(harness.face.versions[&take.id].score, ScoreId(1));
    assert_eq!(outside(&harness, take.id), outside(&harness, TAKE));
    assert_eq!(inside(&harness, take.id), pitches(varied));
    harness.perform(PerformRequest { of: VersionId::Deadpan, ..request(10) });
    let end = state(&harness);
    assert_eq!(end[4].1, ScoreId(1), "a new take plays the piece");
    let midi = exported(&mut harness, take.id, None);

    let path = harness.folder.path().join("minuet.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    harness.ask(Command::Close);
    assert!(harness.face.variations.is_none());
    harness.face.messages.clear();
    harness.ask(Command::Open(path));
    assert!(harness.face.messages.iter().all(|m| m.level == Level::Info), "{:?}", harness.face.messages);
    assert_eq!(harness.project().reading, None, "the file is read as ever");
    assert_eq!(state(&harness), end);
    assert!(harness.project().previews.is_empty());
    assert_eq!(exported(&mut harness, take.id, None), midi);
    for _ in 0..3 {
        harness.ask(Command::Undo);
    }
    assert_eq!(state(&harness), before);
    for _ in 0..3 {
        harness.ask(Command::Redo);
    }
    assert_eq!(state(&harness), end);
}

#[test]
fn a_kept_variation_is_put_into_the_piece_as_the_take_that_it_is() {
    let mut harness = five();
    harness.ask(Command::KeepVariation(2));
    let kept = state(&harness);
    let take = variation(&harness, 1).version;
    harness.ask(Command::Listen(TAKE));
    harness.ask(Command::PutVariation(2));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    assert_eq!(variation(&harness, 1).state, VariationState::Put);
    let put = state(&harness);
    assert_eq!((put.len(), put[1..].to_vec()), (kept.len(), kept[1..].to_vec()), "no take is new");
    assert_eq!((put[0].1, put[2].1, harness.project().listening), (ScoreId(1), ScoreId(1), take));
    harness.ask(Command::PutVariation(2));
    assert!(harness.last_message().text.contains("is in the piece already"));
    harness.ask(Command::Undo);
    assert_eq!((state(&harness), variation(&harness, 1).state), (kept, VariationState::Kept));
}
