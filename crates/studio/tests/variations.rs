//! Variations of bars: made, heard in their place, kept, put into the piece, taken back, kept in the file.
#![allow(clippy::unwrap_used)]

#[path = "variations/putting.rs"]
mod putting;
mod support;

use std::sync::Arc;

use notation::{Marks, Note, NoteId, Score};
use performance::midi::read_performance;
use performance::{Performance, PlayedNote};
use performers::Job;
use performers::composer::{Composer, Constraints, Variation, VariationRequest};
use protocol::{
    Bars, Command, Edit, Event, ExportRequest, Level, MidiMode, PerformRequest, PinKind, PlayState, ScoreId,
    VariationState, VariationView, VaryConstraints, VaryRequest, VaryState, VersionId, ViewState,
};
use studio::document::Source;
use studio::store::Store;
use support::composer::{Toy, VaryingRoster, vary};
use support::{FAIL, Harness, PANIC, SLOW, minuet, request, score_of, scores};

const TAKE: VersionId = VersionId::Take(1);

/// Bars 5 to 8, the first time.
const BARS: Bars = 4..8;

const SEED: u64 = 11;

const SLURS: Marks = Marks::SLUR_START.union(Marks::SLUR_STOP).union(Marks::SLURRED);

fn harness() -> Harness {
    Harness::with(Arc::new(tempfile::tempdir().unwrap()), VaryingRoster)
}

/// The minuet with a take and five variations of its bars 5 to 8.
fn five() -> Harness {
    let mut harness = harness();
    harness.open_minuet();
    harness.perform(request(3));
    harness.finish(Command::MakeVariations(vary(TAKE, BARS, SEED)));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    harness
}

/// What the toy composer writes.
fn written(seed: u64) -> Vec<Variation> {
    let score = score_of(&minuet());
    let constraints = Constraints::default();
    let request =
        VariationRequest { score: &score, bars: BARS, similarity: 0.7, count: 5, seed, constraints };
    Toy.compose(&request, &Job::default(), &mut |_| {}).unwrap()
}

fn variations(harness: &Harness) -> Vec<VariationView> {
    harness.face.variations.as_ref().unwrap().list.clone()
}

fn variation(harness: &Harness, k: usize) -> VariationView {
    variations(harness)[k]
}

/// What a version plays: bar, pitch, and everything else to the bit.
fn notes(harness: &Harness, id: VersionId) -> Vec<(usize, u8, PlayedNote)> {
    let version = &harness.face.versions[&id];
    let score = harness.face.scores.iter().find(|s| s.id == version.score).unwrap();
    let note = |n: &PlayedNote| {
        let written = score.notes[n.note as usize];
        (written.measure as usize, written.pitch, PlayedNote { note: 0, ..*n })
    };
    version.performance.notes.iter().map(note).collect()
}

fn outside(harness: &Harness, id: VersionId) -> Vec<(usize, u8, PlayedNote)> {
    let all = notes(harness, id);
    all.into_iter().filter(|(bar, ..)| !BARS.contains(bar)).collect()
}

fn inside(harness: &Harness, id: VersionId) -> Vec<u8> {
    let all = notes(harness, id).into_iter().filter(|(bar, ..)| BARS.contains(bar));
    all.map(|(_, pitch, _)| pitch).collect()
}

fn pitches(score: &Score) -> Vec<u8> {
    score.notes.iter().map(|n| n.pitch).collect()
}

/// The notes of a score in the order in which they sound: grace notes come before the beat.
fn in_time(score: &Score) -> Vec<&Note> {
    let mut notes: Vec<&Note> = score.notes.iter().collect();
    notes.sort_by_key(|n| (n.onset, n.grace.is_none(), n.pitch));
    notes
}

/// A version as it comes out as MIDI: pitch, onset and velocity of each note.
fn exported(harness: &mut Harness, version: VersionId, bars: Option<Bars>) -> Vec<(u8, f64, u8)> {
    let path = harness.folder.path().join("out.mid");
    let wanted = ExportRequest { version, bars, mode: MidiMode::ExactTiming(120.0) };
    harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
    let midi = read_performance(&std::fs::read(&path).unwrap()).unwrap();
    std::fs::remove_file(path).unwrap();
    midi.notes.iter().map(|n| (n.pitch, n.onset_secs, n.velocity)).collect()
}

/// All versions with their scores, to the bit.
fn state(harness: &Harness) -> Vec<(VersionId, ScoreId, Performance, usize)> {
    let takes = harness.project().takes.iter().map(|take| take.id);
    let versions = std::iter::once(VersionId::Deadpan).chain(takes).map(|id| &harness.face.versions[&id]);
    versions.map(|v| (v.id, v.score, v.performance.clone(), v.pins.len())).collect()
}

#[test]
fn five_variations_are_listed_and_none_is_a_take() {
    let mut harness = harness();
    harness.open_minuet();
    harness.perform(request(3));
    let before = state(&harness);
    let undo = harness.project().undo.clone();
    harness.finish(Command::MakeVariations(vary(TAKE, BARS, SEED)));
    let view = harness.face.variations.clone().unwrap();
    assert_eq!((view.job, view.score, view.request.clone()), (None, ScoreId(0), vary(TAKE, BARS, SEED)));
    let written = written(SEED);
    assert_eq!(view.list.len(), written.len());
    for (k, (found, written)) in view.list.iter().zip(&written).enumerate() {
        assert_eq!((found.number, found.state), (k as u32 + 1, VariationState::New));
        assert_eq!(found.similarity.overall, written.similarity.overall());
        assert_eq!(found.similarity.equal, written.similarity.equal);
    }
    let names: Vec<&str> = harness.project().previews.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Variation 1", "Variation 2", "Variation 3", "Variation 4", "Variation 5"]);
    assert!(harness.project().previews[0].origin.contains("bars 5–8 of Take 1"));
    assert_eq!(
        (state(&harness), harness.project().undo.clone()),
        (before, undo),
        "nothing of the piece changed"
    );
    assert_eq!(harness.playback.0.lock().unwrap().loaded.len(), 2 + 5);
    // Others take their place.
    harness.finish(Command::MakeVariations(VaryRequest { count: 1, ..vary(VersionId::Deadpan, 0..1, 2) }));
    assert_eq!(variations(&harness).iter().map(|v| v.number).collect::<Vec<_>>(), [6]);
    assert_eq!(harness.playback.0.lock().unwrap().loaded.len(), 2 + 1);
    harness.ask(Command::DropVariations);
    assert!(harness.face.variations.is_none() && harness.project().previews.is_empty());
    assert_eq!(harness.playback.0.lock().unwrap().loaded.len(), 2);
}

#[test]
fn a_variation_is_heard_in_its_place_beside_the_take() {
    let mut harness = five();
    let found = variation(&harness, 1);
    harness.ask(Command::PreviewVariation(Some(found.number)));
    assert_eq!(harness.project().listening, found.version);
    {
        let transport = harness.playback.0.lock().unwrap();
        assert_eq!((transport.listening, transport.state), (Some(found.version), PlayState::Playing));
        assert_eq!(transport.quarters, 12.0, "bar 5 in 3/4");
    }
    assert_eq!(outside(&harness, found.version), outside(&harness, TAKE), "to the bit");
    assert_eq!(inside(&harness, found.version), pitches(&written(SEED)[1].score));
    assert_eq!(harness.played(found.version).pedals, harness.played(TAKE).pedals);
    // Notes of the bars that the take has, too, are played as there; all lie in time between their neighbours.
    let (new, old) = (notes(&harness, found.version), notes(&harness, TAKE));
    let kept = new.iter().filter(|n| BARS.contains(&n.0) && old.contains(n)).count();
    assert!(kept > new.iter().filter(|n| BARS.contains(&n.0)).count() / 2, "{kept}");
    let range = |notes: &[(usize, u8, PlayedNote)]| {
        let inside = notes.iter().filter(|n| BARS.contains(&n.0)).map(|n| n.2.onset_secs);
        inside.fold((f64::MAX, 0.0_f64), |(a, b), t| (a.min(t), b.max(t)))
    };
    let ((from, to), (first, last)) = (range(&new), range(&old));
    assert!(from >= first - 0.1 && to <= last + 0.1, "{from} {to} {first} {last}");

    harness.ask(Command::Compare(Some(TAKE)));
    let view = harness.face.comparison.clone().unwrap();
    assert_eq!((view.versions, view.shared.len()), ([found.version, TAKE], 1));
    assert_eq!(view.shared[0].from_quarters, view.shared[0].there_quarters);
    assert_eq!(view.bars.len(), harness.face.scores[0].measures.len());
    assert_eq!(view.names, ["Variation 2".to_owned(), "Take 1".to_owned()]);
    for expected in [[TAKE, found.version], [found.version, TAKE]] {
        harness.ask(Command::SwapCompared);
        assert_eq!([harness.project().listening, harness.project().compared.unwrap()], expected);
        assert_eq!(harness.face.comparison.as_ref().unwrap().versions, expected);
    }
    harness.ask(Command::PreviewVariation(None));
    assert_eq!(harness.project().listening, TAKE);
    // It is no take: nothing is done to it.
    for command in [
        Command::Edit(found.version, Edit::Velocities(vec![(0, 1)])),
        Command::Duplicate(found.version),
        Command::Perform(PerformRequest { of: found.version, ..request(5) }),
        Command::MakeVariations(vary(found.version, BARS, 1)),
        Command::Star(0..4, Some(found.version)),
    ] {
        harness.ask(command);
        assert!(harness.last_message().text.contains("keep it first"), "{:?}", harness.last_message());
    }
    assert_eq!(harness.project().takes.len(), 1);
}

#[test]
fn one_is_forgotten_and_the_others_stay() {
    let mut harness = five();
    let found = variation(&harness, 1);
    harness.ask(Command::PreviewVariation(Some(found.number)));
    harness.ask(Command::Compare(Some(TAKE)));
    harness.ask(Command::Delete(found.version));
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
    assert_eq!(variations(&harness).iter().map(|v| v.number).collect::<Vec<_>>(), [1, 3, 4, 5]);
    assert_eq!(harness.project().previews.len(), 4);
    let project = harness.project();
    assert_eq!((project.listening, project.compared), (TAKE, None), "nothing is compared with itself");
    assert_eq!(harness.playback.0.lock().unwrap().loaded.len(), 2 + 4);
    assert_eq!(harness.project().takes.len(), 1);
    // One that is only compared with goes, too.
    let other = variation(&harness, 0);
    harness.ask(Command::Compare(Some(other.version)));
    assert_eq!(harness.project().compared, Some(other.version));
    harness.ask(Command::Delete(other.version));
    assert_eq!(harness.project().compared, None);
    harness.ask(Command::PreviewVariation(Some(4)));
    harness.ask(Command::KeepVariation(4));
    assert_eq!(harness.project().takes.len(), 2, "the others are as they were");
}

#[test]
fn a_crash_keeps_what_was_put_into_the_piece() {
    let mut harness = five();
    let before = state(&harness);
    harness.ask(Command::PreviewVariation(Some(5)));
    harness.ask(Command::KeepVariation(2));
    harness.ask(Command::PutVariation(1));
    let end = state(&harness);
    let mut harness = Harness::with(harness.crash(), VaryingRoster);
    assert_eq!(state(&harness), end);
    assert_eq!(harness.project().undo.as_deref(), Some("Put variation 1 into the piece"));
    assert_eq!(harness.face.scores.len(), 3, "the piece as it is, as it was, and one that was kept");
    assert!(harness.face.variations.is_none());
    harness.ask(Command::Undo);
    harness.ask(Command::Undo);
    assert_eq!(state(&harness), before);
}

#[test]
fn a_variation_alone_is_exported_and_dragged() {
    let mut harness = five();
    let found = variation(&harness, 4);
    let alone = exported(&mut harness, found.version, Some(BARS));
    let written = &written(SEED)[4].score;
    let expected: Vec<u8> = in_time(written).iter().map(|n| n.pitch).collect();
    assert_eq!(alone.iter().map(|n| n.0).collect::<Vec<_>>(), expected);
    assert!(alone[0].1 < 0.5, "it begins with its first bar");
    let wanted = ExportRequest { version: found.version, bars: Some(BARS), mode: MidiMode::ScoreGrid };
    let path = harness.studio.export_for_drag(wanted).unwrap();
    assert!(path.to_str().unwrap().ends_with("Variation-5-bars-5-8.mid"), "{path:?}");
    let midi = read_performance(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(midi.notes.len(), written.notes.len());
}

#[test]
fn a_kept_variation_is_a_take_of_its_own_score() {
    let mut harness = five();
    let before = state(&harness);
    let pins = Edit::Pin(vec![0, 200], vec![PinKind::Velocity]);
    harness.ask(Command::Edit(TAKE, Edit::Velocities(vec![(0, 99)])));
    harness.ask(Command::Edit(TAKE, pins));
    let found = variation(&harness, 0);
    harness.ask(Command::KeepVariation(found.number));
    let take = harness.project().takes[1].clone();
    assert_eq!((take.id, take.name.as_str(), take.parent), (found.version, "Variation 1", Some(TAKE)));
    assert_eq!(variation(&harness, 0).state, VariationState::Kept);
    assert_eq!(harness.project().previews.len(), 4);
    let version = harness.face.versions[&take.id].clone();
    assert_eq!((version.score, state(&harness)[0].1), (ScoreId(1), ScoreId(0)), "the piece stays");
    assert_eq!(outside(&harness, take.id), outside(&harness, TAKE), "as the take is played now");
    assert_eq!(version.performance.notes[0].velocity, 99);
    // A pin stays with its note, whatever number that has.
    let pinned: Vec<(usize, u8)> = version
        .pins
        .iter()
        .map(|pin| version.performance.notes.iter().position(|n| n.note == pin.note).unwrap())
        .map(|k| (notes(&harness, take.id)[k].0, notes(&harness, take.id)[k].1))
        .collect();
    let old = notes(&harness, TAKE);
    assert_eq!(pinned, [(old[0].0, old[0].1), (old[200].0, old[200].1)]);
    assert!(version.drawn.is_empty(), "what was drawn is pinned");
    harness.ask(Command::Edit(take.id, Edit::Velocities(vec![(60, 101)])));
    assert_eq!(harness.played(take.id).notes[60].velocity, 101);
    assert_eq!(harness.face.versions[&take.id].drawn.len(), 1);
    harness.ask(Command::DropVariations);
    assert_eq!(harness.project().takes.len(), 2, "takes stay");
    harness.ask(Command::Delete(take.id));
    assert_eq!((harness.project().takes.len(), harness.project().listening), (1, TAKE));
    for _ in 0..5 {
        harness.ask(Command::Undo);
    }
    assert_eq!(state(&harness), before);
}

#[test]
fn only_the_pass_named_is_varied() {
    let mut harness = five();
    harness.ask(Command::KeepVariation(1));
    let take = harness.project().takes[1].id;
    let score = &harness.face.scores.iter().find(|s| s.id == ScoreId(1)).unwrap();
    let of_bars = |bars: Bars| -> Vec<u8> {
        score.notes.iter().filter(|n| bars.contains(&(n.measure as usize))).map(|n| n.pitch).collect()
    };
    assert_eq!(score.measures[20].number, "5");
    assert_eq!(score.measures[20].pass, 2);
    let old = score_of(&minuet());
    assert_eq!(of_bars(20..24), pitches_of(&old, 20..24));
    assert_ne!(of_bars(BARS), of_bars(20..24));
    // Ids: those that were there are the same notes, the others are new.
    let path = harness.folder.path().join("ids.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    let saved = Store::read_only(&path).unwrap().document;
    let new = saved.score_of(take);
    let ids = |score: &Score| -> Vec<NoteId> { score.notes.iter().map(|n| n.id).collect() };
    let (before, after) = (ids(&old), ids(new));
    for (note, id) in new.notes.iter().zip(&after) {
        if let Some(k) = before.iter().position(|old| old == id) {
            let bare = |n: &Note| Note { marks: n.marks - SLURS, ..n.clone() };
            assert_eq!(bare(note), bare(&old.notes[k]));
        }
    }
    let is_new = |id: &NoteId| !before.contains(id);
    assert!(new.notes.iter().all(|n| !is_new(&n.id) || BARS.contains(&(n.measure as usize))));
}

fn pitches_of(score: &Score, bars: Bars) -> Vec<u8> {
    score.notes[score.notes_in_measures(bars)].iter().map(|n| n.pitch).collect()
}

#[test]
fn the_deadpan_is_varied_without_a_take() {
    let mut harness = harness();
    harness.open_minuet();
    harness.finish(Command::MakeVariations(vary(VersionId::Deadpan, BARS, SEED)));
    let found = variation(&harness, 0);
    harness.ask(Command::PreviewVariation(Some(1)));
    let heard = notes(&harness, found.version);
    harness.ask(Command::PutVariation(1));
    assert!(harness.project().takes.is_empty());
    assert_eq!(harness.project().listening, VersionId::Deadpan);
    assert_eq!(notes(&harness, VersionId::Deadpan), heard);
    assert_eq!(variation(&harness, 0).state, VariationState::Put);
    harness.ask(Command::PutVariation(1));
    assert!(harness.last_message().text.contains("in the piece already"));
    // Varied again it is still put; another one in its place is not.
    harness.finish(Command::MakeVariations(VaryRequest { count: 1, ..vary(VersionId::Deadpan, 0..2, 1) }));
    harness.ask(Command::PutVariation(6));
    assert_eq!(harness.face.versions[&VersionId::Deadpan].score, ScoreId(2));
    assert_eq!(
        inside(&harness, VersionId::Deadpan),
        pitches(&written(SEED)[0].score),
        "both are in the piece"
    );
    harness.ask(Command::Undo);
    harness.ask(Command::Undo);
    assert_eq!(harness.face.versions[&VersionId::Deadpan].score, ScoreId(0));
}

#[test]
fn jobs_are_cancelled_and_failures_told() {
    let mut harness = harness();
    harness.open_minuet();
    harness.perform(request(3));
    let before = state(&harness);
    harness.send(Command::MakeVariations(vary(TAKE, BARS, SLOW)));
    harness.until(|_, event| matches!(event, Event::Variations(Some(view)) if view.list.len() == 1));
    let job = harness.face.variations.as_ref().unwrap().job.unwrap();
    assert_eq!(harness.face.jobs[0].label, "Toy varies bars 5–8");
    // One that is there can be heard while the others are made.
    harness.ask(Command::PreviewVariation(Some(1)));
    assert_eq!(outside(&harness, variation(&harness, 0).version), outside(&harness, TAKE));
    harness.ask(Command::Cancel(job));
    harness.jobs_done();
    let view = harness.face.variations.clone().unwrap();
    assert_eq!((view.job, view.list.len()), (None, 1), "what is there stays");
    // Others take its place while it is heard.
    for seed in [PANIC, FAIL] {
        harness.face.messages.clear();
        harness.finish(Command::MakeVariations(vary(TAKE, BARS, seed)));
        assert_eq!(harness.errors().len(), 1, "{:?}", harness.face.messages);
        assert_eq!(harness.project().listening, TAKE);
        assert!(variations(&harness).is_empty());
    }
    for wrong in [
        VaryRequest { bars: 0..5, ..vary(TAKE, BARS, 1) },
        VaryRequest { bars: 900..901, ..vary(TAKE, BARS, 1) },
        vary(VersionId::Take(77), BARS, 1),
    ] {
        harness.ask(Command::MakeVariations(wrong));
        assert_eq!(harness.last_message().level, Level::Warning);
    }
    assert_eq!(state(&harness), before);
    harness.send(Command::MakeVariations(vary(TAKE, BARS, SLOW)));
    harness.ask(Command::Close);
    harness.jobs_done();
    assert!(harness.face.project.is_none() && harness.face.variations.is_none());
}

#[test]
fn a_piece_with_a_variation_is_not_read_anew() {
    let mut harness = five();
    harness.ask(Command::PutVariation(1));
    let end = state(&harness);
    let path = harness.folder.path().join("read.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    harness.ask(Command::Close);
    // As if the importer read another piece of the file today.
    let (_, saved) = Store::open(&path).unwrap();
    let mut document = saved.document;
    let bytes = std::fs::read(scores().join("chopin_prelude_op28_7.musicxml")).unwrap();
    document.source = Arc::new(Source { bytes, ..(*document.source).clone() });
    std::fs::remove_file(&path).unwrap();
    Store::create(&path, &document, &saved.history).unwrap();
    harness.ask(Command::Open(path));
    assert_eq!((state(&harness), harness.project().reading), (end, None), "no reading has these notes");
    harness.ask(Command::Undo);
    assert!(harness.project().reading.is_some(), "offered for the piece as it was");
}

#[test]
fn what_keeps_variations_near_is_told_with_them() {
    let mut harness = harness();
    harness.open_minuet();
    let told = |harness: &Harness| harness.face.variations.clone().unwrap().too_similar;
    let asked = vary(VersionId::Deadpan, BARS, SEED);
    harness.finish(Command::MakeVariations(VaryRequest { similarity: 1.0, ..asked.clone() }));
    assert_eq!(told(&harness), None);
    let constraints = VaryConstraints { keep_rhythm: true, ..VaryConstraints::default() };
    harness.finish(Command::MakeVariations(VaryRequest { similarity: 0.0, constraints, ..asked }));
    let why = told(&harness).unwrap();
    assert!(why.contains("With the rhythm kept") && why.contains("alike at the least"), "{why}");
}

#[test]
fn what_the_panel_of_variations_is_set_to_stays_with_the_project() {
    let mut harness = harness();
    harness.open_minuet();
    harness.perform(request(3));
    let constraints = VaryConstraints { pitches: Some((40, 80)), ..VaryConstraints::default() };
    let set = VaryState { similarity: 0.4, count: 9, constraints, seed: 21, ..VaryState::default() };
    harness.ask(Command::RememberVariations(Box::new(set.clone())));
    // How the window looks is told apart, and what cannot be written is not kept.
    harness.ask(Command::Remember(ViewState { in_seconds: true, ..ViewState::default() }));
    let odd = VaryState { similarity: f64::NAN, ..VaryState::default() };
    harness.ask(Command::RememberVariations(Box::new(odd)));
    let path = harness.folder.path().join("varied.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    let folder = harness.folder.clone();
    drop(harness);
    let mut harness = Harness::with(folder, VaryingRoster);
    harness.ask(Command::Open(path));
    let view = &harness.project().view;
    assert_eq!(view.variations.as_deref(), Some(&set));
    assert!(view.in_seconds);
}
