//! Moods in the studio: what words mean is told before performing, and then done.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use protocol::{Command, Event, MoodCue, MoodView, PerformRequest, VersionId};
use studio::roster::Registry;
use support::{Harness, models, request};

fn harness() -> Harness {
    let mut harness = Harness::with(Arc::new(tempfile::tempdir().unwrap()), Registry::new(models()));
    harness.open_minuet();
    harness
}

fn read_mood(harness: &mut Harness, text: &str, bars: Option<protocol::Bars>) -> MoodView {
    harness.send(Command::ReadMood { text: text.into(), bars });
    let mut found = None;
    harness.until(|_, event| match event {
        Event::Mood(view) => {
            found = Some((**view).clone());
            true
        }
        _ => false,
    });
    found.unwrap()
}

#[test]
fn the_face_is_told_what_will_change_and_how_sure_that_is() {
    let mut harness = harness();
    let view = read_mood(&mut harness, "sad, then very fierce", None);
    let [sad, fierce] = view.spans.as_slice() else { panic!("{view:?}") };
    assert_eq!((sad.text.as_str(), fierce.text.as_str()), ("sad", "very fierce"));
    assert_eq!((sad.bars.start, sad.bars.end), (0, fierce.bars.start));
    assert_eq!(fierce.bars.end, harness.face.score.as_ref().unwrap().measures.len());
    assert!(sad.sureness > 0.99 && sad.nearest[0].0 == "sad");
    let more = |cue: MoodCue| sad.arrows.iter().find(|a| a.what == cue).map(|a| a.is_more);
    assert_eq!((more(MoodCue::Tempo), more(MoodCue::Dynamics)), (Some(false), Some(false)));
    assert_eq!(more(MoodCue::Articulation), Some(true));
}

#[test]
fn unknown_words_and_bars_that_are_not_there_are_said() {
    let mut harness = harness();
    let view = read_mood(&mut harness, "blorp", Some(0..4));
    assert_eq!(view.spans[0].unknown, ["blorp"]);
    assert!(view.spans[0].arrows.is_empty() && view.spans[0].sureness == 0.0);
    assert_eq!(view.spans[0].bars, 0..4);
    let view = read_mood(&mut harness, "bars 900-905 sad", None);
    assert!(view.problem.unwrap().contains("900-905"));
    assert_eq!(read_mood(&mut harness, "  ", None).spans, []);
}

#[test]
fn a_mood_changes_the_take_and_its_strength_by_how_much() {
    let mut harness = harness();
    let rules = |mood: &str, strength: f64| PerformRequest {
        performer: "rules".into(),
        mood: mood.into(),
        strength,
        ..request(1)
    };
    let moods = [("", 1.0), ("sad", 0.0), ("sad", 1.0), ("sad", 2.0), ("bars 900-905 sad", 1.0)];
    moods.into_iter().for_each(|(mood, strength)| harness.perform(rules(mood, strength)));
    let take = |k: u32| harness.played(VersionId::Take(k));
    let length = |k: u32| take(k).end_secs();
    let loud = |k: u32| take(k).notes.iter().map(|n| u32::from(n.velocity)).sum::<u32>();
    assert_eq!(take(2), take(1), "strength 0 is the take without a mood");
    assert!(length(3) > length(1) * 1.03 && length(4) > length(3) * 1.03, "sad is slower");
    assert!(loud(3) < loud(1) && loud(4) < loud(3), "and softer");
    assert_eq!(take(5), take(1), "bars that are not there lose no take");
    assert!(harness.face.messages.iter().any(|m| m.text.contains("without a mood")));
}

#[test]
fn the_studio_and_the_command_line_play_the_same_mood() {
    let mut harness = harness();
    let text = "hesitant, then very triumphant";
    harness.perform(PerformRequest {
        performer: "rules".into(),
        mood: text.into(),
        strength: 1.5,
        ..request(7)
    });
    let score = support::score_of(&support::minuet());
    let cpu = neural::device::choose(performers::device::DeviceChoice::Cpu).unwrap().device;
    let encoder = support::folders().text_encoder;
    let feeler = mood::Feeler::load(&models(), Some(&encoder), cpu.clone()).unwrap();
    let (mood, _) = feeler.lay(&score, &performers::Region::All, text, 1.5).unwrap().unwrap();
    let base_tempo = performers::BaseTempo::Free;
    let controls = performers::Controls { seed: 7, base_tempo, mood: Some(mood), ..Default::default() };
    let request = performers::Request {
        score: &score,
        region: &performers::Region::All,
        context: None,
        controls: &controls,
    };
    let resources =
        performers::Resources { models: &models(), device: performers::device::DeviceChoice::Cpu };
    let rules = application::systems::registry().load("rules", &resources).unwrap();
    let played = performers::take::perform(&*rules, &request, &performers::Job::default()).unwrap();
    assert_eq!(harness.played(VersionId::Take(1)).notes, played.notes);
}

#[test]
fn a_version_tells_which_moods_it_was_performed_with() {
    let mut harness = harness();
    let rules = |mood: &str| PerformRequest { performer: "rules".into(), mood: mood.into(), ..request(1) };
    harness.perform(rules("sad"));
    let first = VersionId::Take(1);
    harness.perform(PerformRequest { bars: Some(4..8), of: first, ..rules("fierce") });
    harness.perform(PerformRequest { bars: Some(6..10), of: VersionId::Take(2), ..rules("") });
    let mut moods = |id: VersionId| {
        harness.send(Command::ReadMoodOf(id));
        let mut found = None;
        harness.until(|_, event| match event {
            Event::MoodOf(of, view) if *of == id => {
                found = Some(view.spans.clone());
                true
            }
            _ => false,
        });
        let spans = found.unwrap();
        spans.into_iter().map(|span| (span.text, span.bars)).collect::<Vec<_>>()
    };
    let sad = |bars| ("sad".to_owned(), bars);
    let fierce = |bars| ("fierce".to_owned(), bars);
    assert_eq!(moods(first), [sad(0..64)]);
    assert_eq!(moods(VersionId::Take(2)), [sad(0..4), fierce(4..8), sad(8..64)]);
    assert_eq!(moods(VersionId::Take(3)), [sad(0..4), fierce(4..6), sad(10..64)]);
    assert_eq!(moods(VersionId::Deadpan), []);
}

#[test]
fn every_suggested_word_is_known() {
    let mut harness = harness();
    for word in studio::moods::SUGGESTIONS {
        let view = read_mood(&mut harness, word, None);
        let span = &view.spans[0];
        assert!(span.unknown.is_empty() && span.sureness > 0.5, "{word}: {span:?}");
        assert!(!span.arrows.is_empty(), "{word} changes nothing");
    }
}
