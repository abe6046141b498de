//! Commands in any order: nothing breaks, and undoing and redoing everything still holds.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use protocol::{
    Addition, Amounts, Bars, BaseTempo, Command, ExportRequest, Knobs, MannerSource, MidiMode,
    PerformRequest, PunchIn, RecordRequest, Settings, TakeView, VaryRequest, VersionId, ViewState,
};
use support::composer::{self, VaryingRoster};
use support::gestures::{Gesture, cases, gesture, version};
use support::{FAIL, FAKE, Harness, PANIC, scores};

fn bars() -> impl Strategy<Value = Option<Bars>> {
    prop_oneof![2 => Just(None), 5 => (0usize..36, 0usize..6).prop_map(|(a, n)| Some(a..a + n))]
}

fn amount() -> impl Strategy<Value = f64> {
    prop_oneof![3 => Just(1.0), 2 => 0.0..2.0f64, 1 => Just(f64::NAN)]
}

fn perform() -> impl Strategy<Value = Command> {
    let seed = prop_oneof![8 => 0u64..1000, 1 => Just(PANIC), 1 => Just(FAIL), 1 => Just(u64::MAX)];
    let performer = prop_oneof![9 => Just(FAKE), 1 => Just("nobody")];
    (performer, bars(), version(), seed, amount(), amount(), 0u8..7).prop_map(
        |(performer, bars, of, seed, tempo, strength, takes)| {
            let amounts = Amounts { tempo, dynamics: tempo, ..Amounts::default() };
            let (performer, mood) = (performer.to_owned(), "calm".to_owned());
            let base_tempo = BaseTempo::Bpm(100.0 * tempo);
            let knobs = Knobs::from([("swing".to_owned(), tempo.into()), ("style".to_owned(), "pop".into())]);
            Command::Perform(PerformRequest {
                performer,
                bars,
                of,
                mood,
                strength,
                base_tempo,
                amounts,
                knobs,
                seed,
                takes,
            })
        },
    )
}

fn export() -> impl Strategy<Value = ExportRequest> {
    let tempo = prop_oneof![Just(120.0), Just(f64::NAN), Just(0.0)];
    let mode = prop_oneof![
        Just(MidiMode::ScoreGrid),
        tempo.clone().prop_map(MidiMode::ExactTiming),
        tempo.prop_map(MidiMode::FixedTempo)
    ];
    (version(), bars(), mode).prop_map(|(version, bars, mode)| ExportRequest { version, bars, mode })
}

fn vary() -> impl Strategy<Value = Command> {
    let seed = prop_oneof![8 => 0u64..1000, 1 => Just(PANIC), 1 => Just(FAIL)];
    (version(), bars(), 0u8..4, seed, amount()).prop_map(|(of, bars, count, seed, similarity)| {
        let bars = bars.unwrap_or(4..8);
        Command::MakeVariations(VaryRequest { count, similarity, ..composer::vary(of, bars, seed) })
    })
}

/// Numbers of variations are filled in by the test.
fn varied() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (0u32..3).prop_map(|k| Command::PreviewVariation(Some(k))),
        1 => Just(Command::PreviewVariation(None)),
        2 => (0u32..3).prop_map(Command::KeepVariation),
        3 => (0u32..3).prop_map(Command::PutVariation),
        1 => Just(Command::DropVariations),
    ]
}

/// The command with the number of the variation that is there.
fn numbered(command: Command, harness: &Harness) -> Command {
    let list = harness.face.variations.iter().flat_map(|made| &made.list);
    let numbers: Vec<u32> = list.map(|variation| variation.number).collect();
    let number = |k: u32| numbers.get(k as usize).copied().unwrap_or(k);
    match command {
        Command::PreviewVariation(Some(k)) => Command::PreviewVariation(Some(number(k))),
        Command::KeepVariation(k) => Command::KeepVariation(number(k)),
        Command::PutVariation(k) => Command::PutVariation(number(k)),
        other => other,
    }
}

/// Paths are filled in by the test.
fn command() -> impl Strategy<Value = Command> {
    let number = prop_oneof![9 => -10.0..300.0f64, 1 => Just(f64::NAN)];
    prop_oneof![
        12 => gesture().prop_map(|gesture| match gesture {
            Gesture::Edit(id, change) => Command::Edit(id, change),
            Gesture::Rename(id, name) => Command::Rename(id, name),
            Gesture::Delete(id) => Command::Delete(id),
            Gesture::Duplicate(id) => Command::Duplicate(id),
            Gesture::Best(id, _) => Command::MakeBest(id),
            Gesture::Adopt(_) => Command::AdoptReading,
        }),
        5 => perform(),
        2 => vary(),
        4 => varied(),
        6 => prop_oneof![Just(Command::Undo), Just(Command::Redo)],
        3 => version().prop_map(Command::Listen),
        3 => prop::option::of(version()).prop_map(Command::Compare),
        1 => Just(Command::SwapCompared),
        1 => (version(), any::<bool>()).prop_map(|(id, is_own)| Command::HearOwnSound(id, is_own)),
        2 => bars().prop_map(Command::Loop),
        3 => (bars(), prop::option::of(version())).prop_map(|(bars, of)| Command::Star(bars.unwrap_or(0..4), of)),
        2 => prop_oneof![
            Just(Command::TogglePlay), Just(Command::Stop), Just(Command::Hello), Just(Command::Save),
            Just(Command::ClearRecent), Just(Command::FindMidiPorts), Just(Command::OpenDialog), Just(Command::Metronome(true)),
            Just(Command::Get(Addition::GrandPiano)),
        ],
        2 => number.clone().prop_map(Command::SeekQuarters),
        1 => number.clone().prop_map(Command::Rate),
        1 => number.clone().prop_map(Command::Volume),
        1 => (20..=255u8, any::<u8>()).prop_map(|(p, v)| Command::Audition(p, v)),
        1 => (0u64..9).prop_map(Command::Cancel),
        1 => manner_source().prop_map(|of| Command::ReadManner { performer: FAKE.into(), knob: "like".into(), of }),
        1 => number.prop_map(|x| Command::Remember(ViewState {
            span_quarters: Some((x, x + 1.0)), ..ViewState::default()
        })),
        2 => prop_oneof![
            any::<bool>().prop_map(|waits| Command::Record(RecordRequest { replace: None, waits })),
            (bars(), version()).prop_map(|(bars, of)| Command::Record(RecordRequest {
                replace: bars.map(|bars| PunchIn { bars, of }), waits: false,
            })),
            Just(Command::StopRecording), Just(Command::FindKeyboards), Just(Command::DropKept("none".into())),
        ],
        1 => any::<bool>().prop_map(|autoplay| Command::Settings(Settings { autoplay, ..Settings::default() })),
        1 => export().prop_map(|request| Command::ExportMidi(request, Some(PathBuf::from("out.mid")))),
        1 => Just(Command::ExportReport(Some(PathBuf::from("out.html")))),
        1 => Just(Command::SaveAs(Some(PathBuf::from("saved.espressivo")))),
        1 => Just(Command::ImportRecording(Some(PathBuf::from("out.mid")))),
        1 => prop_oneof![
            Just(Command::OpenDemo("petzold_minuet_g.musicxml".into())),
            Just(Command::Open(scores().join("chopin_prelude_op28_7.musicxml"))),
            Just(Command::Open(PathBuf::from("saved.espressivo"))),
            Just(Command::Open(PathBuf::from("/nowhere.mid"))),
            Just(Command::Close),
        ],
    ]
}

fn manner_source() -> impl Strategy<Value = MannerSource> {
    prop_oneof![
        3 => version().prop_map(MannerSource::Version),
        1 => Just(MannerSource::File(Some(PathBuf::from("out.mid")))),
    ]
}

fn placed(command: Command, folder: &std::path::Path) -> Command {
    let place = |path: PathBuf| folder.join(path);
    match command {
        Command::ExportMidi(request, path) => Command::ExportMidi(request, path.map(place)),
        Command::ExportReport(path) => Command::ExportReport(path.map(place)),
        Command::SaveAs(path) => Command::SaveAs(path.map(place)),
        Command::ImportRecording(path) => Command::ImportRecording(path.map(place)),
        Command::ReadManner { performer, knob, of: MannerSource::File(path) } => {
            Command::ReadManner { performer, knob, of: MannerSource::File(path.map(place)) }
        }
        Command::Open(path) => Command::Open(place(path)),
        other => other,
    }
}

/// What undo must bring back: the takes and all that they play.
fn state(harness: &Harness) -> Vec<(TakeView, performance::Performance, usize)> {
    let one = |take: &TakeView| {
        let version = &harness.face.versions[&take.id];
        (take.clone(), version.performance.clone(), version.pins.len())
    };
    harness.project().takes.iter().map(one).collect()
}

fn all(harness: &mut Harness, command: &Command, name: impl Fn(&Harness) -> Option<String>) -> usize {
    let mut steps = 0;
    while name(harness).is_some() {
        harness.ask(command.clone());
        steps += 1;
        assert!(steps < 2000);
    }
    steps
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..cases(60) })]

    #[test]
    fn nothing_breaks_and_everything_can_be_undone(commands in prop::collection::vec(command(), 1..40)) {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let mut harness = Harness::with(folder, VaryingRoster);
        harness.open_minuet();
        for command in commands {
            match numbered(placed(command, harness.folder.path()), &harness) {
                // So that a recording that comes later is there to be read.
                export @ Command::ExportMidi(..) => harness.finish(export),
                // So that there are variations to be heard, kept and put.
                make @ Command::MakeVariations(..) => harness.finish(make),
                command => harness.ask(command),
            }
        }
        harness.jobs_done();
        // What is left is takes alone.
        harness.ask(Command::DropVariations);
        for message in &harness.face.messages {
            prop_assert!(!message.text.contains("inside Espressivo"), "{}", message.text);
        }
        if harness.face.project.is_none() {
            return Ok(());
        }
        all(&mut harness, &Command::Redo, |d| d.project().redo.clone());
        let end = state(&harness);
        let undone = all(&mut harness, &Command::Undo, |d| d.project().undo.clone());
        prop_assert!(state(&harness).is_empty(), "a project starts without takes");
        let redone = all(&mut harness, &Command::Redo, |d| d.project().redo.clone());
        prop_assert_eq!(undone, redone);
        prop_assert_eq!(state(&harness), end);
        let ids: Vec<VersionId> = harness.project().takes.iter().map(|t| t.id).collect();
        let shown: Vec<VersionId> = harness.face.versions.keys().copied().collect();
        prop_assert_eq!(shown.len(), ids.len() + 1, "the face has the versions that there are");
        prop_assert!(shown.contains(&harness.project().listening));
        let loaded: Vec<VersionId> = harness.playback.0.lock().unwrap().loaded.keys().copied().collect();
        prop_assert_eq!(shown, loaded, "and so has the playback");
    }
}
