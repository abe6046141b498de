#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use notation::Score;
use performance::midi::{ExportMode, ExportOptions, export};
use performance::{Manner, Performance, deadpan};
use performers::finish::Finishing;
use performers::{Abilities, Knob, PerformError, Performer, Request, Run};

use super::*;

const LIKE: ReferenceKnob =
    ReferenceKnob { id: "like", name: "Play it like", description: "Nothing", enables: &[] };

/// Reads how loud somebody plays.
struct Listener;

impl Performer for Listener {
    fn info(&self) -> PerformerInfo {
        PerformerInfo {
            id: "listener",
            name: "Listener",
            description: "Reads how loud somebody plays",
            abilities: Abilities::default(),
            knobs: &[Knob::Reference(LIKE)],
            finishing: Finishing::PLAIN,
        }
    }

    fn perform(&self, _: &Request<'_>, _: &Run<'_>) -> Result<Performance, PerformError> {
        Err(PerformError::EmptyRegion)
    }

    fn manner(&self, _: &Score, played: &Performance, name: &str, _: &Job) -> Result<Manner, PerformError> {
        let loudest = played.notes.iter().map(|note| note.velocity).max().unwrap_or(0);
        let numbers = vec![f32::from(loudest)];
        Ok(Manner { name: name.to_owned(), model: "listener".to_owned(), numbers })
    }
}

fn likes(files: &[&Path]) -> Likes {
    let file = |k: usize| files.get(k).map(|path| path.to_path_buf());
    Likes { like: file(0), like_score: None, like_second: file(1), like_second_score: None }
}

fn minuet() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scores/petzold_minuet_g.musicxml")
}

#[test]
fn a_recording_is_read_into_the_setting_of_the_performer() {
    let score = input::read_score_quietly(&minuet(), false).unwrap();
    let mut played = deadpan(&score);
    for (k, note) in played.notes.iter_mut().enumerate() {
        note.onset_secs += 0.05 * (note.onset_secs * 0.7).sin() + 0.1;
        note.velocity = 40 + (k * 7 % 50) as u8;
    }
    let options = ExportOptions { mode: ExportMode::ExactTiming(120.0), ..ExportOptions::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lesson one.mid");
    std::fs::write(&path, export(&score, &played, &options).unwrap().bytes).unwrap();
    let player = Ready { performer: Arc::new(Listener), device: None };
    for like_score in [None, Some(minuet())] {
        let likes = Likes { like_score, ..likes(&[&path]) };
        let knobs = likes.read(&player, &mut Ear::default()).unwrap();
        let manner = knobs["like"].manner().unwrap();
        assert_eq!((manner.name.as_str(), manner.numbers.as_slice()), ("lesson one", &[89.0_f32][..]));
        assert_eq!(told(knobs)["like"], KnobValue::from("lesson one"));
    }
    let error = likes(&[&minuet()]).read(&player, &mut Ear::default()).unwrap_err();
    let message = crate::failure::message(&error);
    assert!(message.contains("petzold_minuet_g.musicxml: this is a written score"), "{message}");
}

#[test]
fn who_cannot_play_like_a_recording_says_so_before_any_work() {
    let roster = Roster::new(PathBuf::from("nowhere"));
    let rules = roster.info("rules").unwrap();
    let file = Path::new("lesson.mid");
    assert!(likes(&[]).check(rules, &[], &roster).is_ok());
    let error = likes(&[file]).check(rules, &[], &roster).unwrap_err().to_string();
    assert!(error.starts_with("--like: rules does not play like a recording; "), "{error}");
    let listener = Listener.info();
    assert!(likes(&[file]).check(&listener, &[], &roster).is_ok());
    let error = likes(&[file, file]).check(&listener, &[], &roster).unwrap_err().to_string();
    assert!(error.contains("--like-second: listener does not play like more than one recording"), "{error}");
    let set = [("like".to_owned(), "lesson.mid".to_owned())];
    let error = likes(&[]).check(&listener, &set, &roster).unwrap_err().to_string();
    assert_eq!(error, "--set like=lesson.mid: this is read of a recording; write --like FILE");
}
