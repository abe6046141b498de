//! An invented piece of sixteen bars, its deadpan, two takes and a pupil's recording: what the
//! tests of the face look at.

#![allow(dead_code, unused_imports, clippy::unwrap_used)]

mod engraved;
mod reference;
mod varied;

use protocol::{
    Additions, Amounts, BarRow, BarValues, Bars, CompareView, DemoView, DeviceView, Event, Hand, JobView,
    Knobs, MeasureView, MoodArrow, MoodCue, MoodSpan, MoodView, NoteView, OutputView, Pedal, PedalEvent,
    Performance, PerformerView, PinKind, PinView, PlayState, PlayedNote, ProjectView, RecentView, ScoreId,
    ScoreView, Settings, SettingsView, Shared, SlipKind, SlipView, StartView, TakeView, TempoPoint,
    Trajectory, TrajectoryPoint, TransportView, VersionId, VersionView,
};
use ui::Model;

pub use engraved::{BARS_IN_SYSTEM, PART_SPACES, drawn, page};
pub use reference::{manner, played_like_two, read, reading, with_references, with_writer};
pub use varied::{
    ORIGINAL, VARIED, composing, hearing, hears, made, variation_version, variations, varied_score,
    varying_events, with_composer, with_selection,
};

/// Bars of the piece.
pub const BARS: usize = 16;

/// A model as the shell would have filled it: the piece is open, take 2 is heard and compared with
/// the deadpan, nothing plays.
pub fn model() -> Model {
    model_of(score())
}

/// The same with another score, no longer than [`score`].
pub fn model_of(score: ScoreView) -> Model {
    let mut model = Model::default();
    for event in events_of(score) {
        model.apply(event, 0.0);
    }
    model
}

/// The same with a piece whose first three bars are repeated: see [`repeated_score`].
pub fn repeated_model() -> Model {
    model_of(repeated_score())
}

/// The events that fill [`model`], in the order of the shell.
pub fn events() -> Vec<Event> {
    events_of(score())
}

fn events_of(score: ScoreView) -> Vec<Event> {
    let mut events = vec![
        Event::Settings(Box::new(settings())),
        Event::Start(start()),
        Event::Project(Some(Box::new(project()))),
    ];
    for version in [VersionId::Deadpan, VersionId::Take(1), VersionId::Take(2), VersionId::Recording(1)] {
        events.push(Event::Version(Box::new(version_view(&score, version))));
    }
    let comparison = comparison(&score);
    events.insert(3, Event::Scores(vec![score]));
    events.push(Event::Comparison(Some(Box::new(comparison))));
    events.push(Event::Jobs(Vec::new()));
    events.push(Event::Transport(transport()));
    events
}

/// A job that is under way.
pub fn job() -> JobView {
    JobView {
        id: 7,
        label: "Performing bars 5–8 with PianoFlow".to_owned(),
        progress: Some(0.4),
        ..JobView::default()
    }
}

/// The start page.
pub fn start() -> StartView {
    let recent = |name: &str, path: &str, when: &str, is_untitled| RecentView {
        name: name.to_owned(),
        path: path.to_owned(),
        when: when.to_owned(),
        is_untitled,
    };
    let demo = |name: &str, title: &str, composer: &str| DemoView {
        name: name.to_owned(),
        title: title.to_owned(),
        composer: composer.to_owned(),
    };
    StartView {
        cleared: 0,
        recent: vec![
            recent("Evening song", "/home/ada/music/evening-song.espressivo", "2 hours ago", false),
            recent("Untitled waltz", "/home/ada/.local/share/espressivo/4.espressivo", "yesterday", true),
            recent("Étude in thirds", "/home/ada/music/etudes/etude-in-thirds.mxl", "last week", false),
        ],
        demos: vec![
            demo("minuet", "Minuet in G", "Christian Petzold"),
            demo("traeumerei", "Träumerei", "Robert Schumann"),
            demo("prelude", "Prelude in C", "Johann Sebastian Bach"),
        ],
    }
}

/// Settings, performers and device.
pub fn settings() -> SettingsView {
    let performer = |id: &str, name: &str, description: &str, unavailable: Option<&str>| PerformerView {
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        unavailable: unavailable.map(str::to_owned),
        knobs: Vec::new(),
    };
    SettingsView {
        settings: Settings::default(),
        performers: vec![
            performer("pianoflow", "PianoFlow", "A network that learned from recitals", None),
            performer("rules", "Rules", "Phrases, accents and breaths by the book", None),
            performer("other", "Another", "Not here", Some("Its model is missing: run the set-up")),
        ],
        composers: Vec::new(),
        writers: Vec::new(),
        device: DeviceView { name: "Test processor".to_owned(), is_gpu: false },
        piano: "Generated piano".to_owned(),
        additions: Additions::default(),
        offers_piano: false,
        midi_ports: vec!["Digital piano".to_owned(), "Synth input".to_owned()],
        no_midi: None,
        moods: ["tender", "hesitant", "angry", "playful", "solemn"].map(str::to_owned).to_vec(),
    }
}

/// The transport at rest in bar 3.
pub fn transport() -> TransportView {
    TransportView {
        state: PlayState::Paused,
        version: VersionId::Take(2),
        position_quarters: 9.0,
        position_secs: 5.4,
        rate_percent: 100.0,
        looped: None,
        metronome: false,
        count_in: true,
        volume: 0.8,
        output: OutputView::Device("Headphones".to_owned()),
    }
}

/// The project with its takes.
pub fn project() -> ProjectView {
    let take = |id, name: &str, origin: &str, parent, bars, performer: &str, mood: &str, seed| TakeView {
        id,
        name: name.to_owned(),
        origin: origin.to_owned(),
        parent,
        bars,
        performer: performer.to_owned(),
        seed,
        mood: mood.to_owned(),
        strength: 1.0,
        base_tempo: protocol::BaseTempo::AsMarked,
        amounts: Amounts::default(),
        knobs: Knobs::default(),
        is_edited: false,
        is_streaming: false,
        length_secs: 38.5,
        own_sound: None,
    };
    ProjectView {
        opening: 1,
        name: "Evening song".to_owned(),
        path: Some("/home/ada/music/evening-song.espressivo".to_owned()),
        takes: vec![
            take(VersionId::Take(1), "Take 1", "PianoFlow · seed 11", None, None, "pianoflow", "", 11),
            TakeView {
                is_edited: true,
                ..take(
                    VersionId::Take(2),
                    "Hesitant middle",
                    "PianoFlow · bars 5–8 of Take 1 · hesitant · seed 12",
                    Some(VersionId::Take(1)),
                    Some(4..8),
                    "pianoflow",
                    "hesitant",
                    12,
                )
            },
            take(VersionId::Recording(1), "Lesson of May", "Recording · lesson.mid", None, None, "", "", 0),
        ],
        listening: VersionId::Take(2),
        compared: Some(VersionId::Deadpan),
        undo: Some("Perform bars 5–8".to_owned()),
        ..ProjectView::default()
    }
}

/// Sixteen bars in 4/4: a melody in eighths and quarters over broken chords, a grace note in bar 4.
pub fn score() -> ScoreView {
    let melody = [72, 74, 76, 79, 77, 76, 74, 71];
    let chords = [[48, 55, 64], [45, 52, 60], [41, 53, 57], [43, 50, 59]];
    let mut notes = Vec::new();
    let mut note = |onset_quarters: f64, duration_quarters, pitch, hand, measure| {
        let is_grace = duration_quarters == 0.0;
        notes.push(NoteView { onset_quarters, duration_quarters, pitch, hand, measure, is_grace });
    };
    for bar in 0..BARS {
        let start = bar as f64 * 4.0;
        let measure = bar as u32;
        let chord = chords[bar % 4];
        for eighth in 0..8 {
            let pitch = chord[[0, 1, 2, 1, 2, 1, 2, 1][eighth]];
            note(start + eighth as f64 * 0.5, 0.5, pitch, Hand::Left, measure);
        }
        if bar == 3 {
            note(start, 0.0, 79, Hand::Right, measure);
        }
        let steps: &[f64] = if bar % 4 == 3 { &[0.0, 2.0, 3.0] } else { &[0.0, 1.0, 1.5, 2.0, 3.0, 3.5] };
        for (k, at) in steps.iter().enumerate() {
            let until = steps.get(k + 1).copied().unwrap_or(4.0);
            let pitch = melody[(bar * 3 + k) % melody.len()] - if bar >= 8 { 3 } else { 0 };
            note(start + at, until - at, pitch, Hand::Right, measure);
        }
    }
    notes.sort_by(|a, b| (a.onset_quarters, a.pitch).partial_cmp(&(b.onset_quarters, b.pitch)).unwrap());
    let measures = (0..BARS).map(|bar| MeasureView {
        start_quarters: bar as f64 * 4.0,
        end_quarters: bar as f64 * 4.0 + 4.0,
        number: (bar + 1).to_string(),
        pass: 1,
        metre: (4, 4),
        beat_quarters: 1.0,
    });
    ScoreView {
        id: ScoreId(0),
        title: "Evening song".to_owned(),
        composer: Some("Nobody".to_owned()),
        notes,
        measures: measures.collect(),
        end_quarters: BARS as f64 * 4.0,
        beat: protocol::BeatView { name: "quarter".to_owned(), marked: Some(66.0), quarters: 1.0 },
        warnings: Vec::new(),
    }
}

/// The sixteen bars as if the first three were repeated: bars 1 to 3 with a first ending, bar 4, then once more
/// with a second ending, bar 5, and on to bar 13.
pub fn repeated_score() -> ScoreView {
    let mut score = score();
    for (k, measure) in score.measures.iter_mut().enumerate() {
        let number = match k {
            0..4 => k + 1,
            4..7 => k - 3,
            _ => k - 2,
        };
        measure.number = number.to_string();
        measure.pass = if (4..7).contains(&k) { 2 } else { 1 };
    }
    let pitches = |score: &ScoreView, bar: u32| {
        score.notes.iter().filter(|n| n.measure == bar).map(|n| n.pitch).collect::<Vec<_>>()
    };
    for bar in 0..3 {
        let first = pitches(&score, bar);
        let again = score.notes.iter_mut().filter(|n| n.measure == bar + 4);
        again.zip(first).for_each(|(note, pitch)| note.pitch = pitch);
    }
    score
}

/// How much a version breathes: nothing for the deadpan.
fn depth(version: VersionId) -> f64 {
    match version {
        VersionId::Deadpan => 0.0,
        VersionId::Take(n) => 0.08 + 0.05 * f64::from(n),
        VersionId::Recording(_) => 0.3,
    }
}

fn tempo_at(version: VersionId, quarters: f64) -> f64 {
    let wave = (quarters / 16.0 * std::f64::consts::TAU).sin() - 0.4 * (quarters / 4.0).sin();
    100.0 * (1.0 + depth(version) * wave)
}

/// A version of the score.
pub fn version_view(score: &ScoreView, version: VersionId) -> VersionView {
    // The clock in half quarters, each at the tempo of its start.
    let mut secs = 0.0;
    let mut clock = Vec::new();
    let mut tempo = Vec::new();
    for half in 0..=(BARS * 8) {
        let quarters = half as f64 * 0.5;
        let quarters_per_minute = tempo_at(version, quarters);
        clock.push((quarters, secs));
        tempo.push(TempoPoint { quarters, quarters_per_minute });
        secs += 30.0 / quarters_per_minute;
    }
    let secs_at = |quarters: f64| {
        let k = ((quarters * 2.0) as usize).min(clock.len() - 2);
        let ((q0, s0), (q1, s1)) = (clock[k], clock[k + 1]);
        s0 + (quarters - q0) / (q1 - q0) * (s1 - s0)
    };
    let depth = depth(version);
    let mut articulation = Vec::new();
    let notes = score.notes.iter().enumerate().map(|(k, note)| {
        let onset_secs = secs_at(note.onset_quarters);
        let written = secs_at(note.onset_quarters + note.duration_quarters) - onset_secs;
        let played_share = 1.0 - depth * (0.5 + 0.5 * (k as f64).sin());
        let wave = (note.onset_quarters / 8.0 * std::f64::consts::TAU).sin();
        let melody = if note.hand == Hand::Right { 14.0 } else { -10.0 };
        let velocity = 64.0 + depth * 5.0 * (wave * 22.0 + melody);
        articulation.push((!note.is_grace).then_some(played_share as f32));
        PlayedNote {
            note: k as u32,
            onset_secs: if note.is_grace { (onset_secs - 0.08).max(0.0) } else { onset_secs },
            duration_secs: if note.is_grace { 0.08 } else { written * played_share },
            velocity: velocity.clamp(1.0, 127.0) as u8,
        }
    });
    let notes: Vec<PlayedNote> = notes.collect();
    let pedals = if version == VersionId::Deadpan { Vec::new() } else { pedals(&secs_at) };
    let performance = Performance { notes, pedals };
    let pins = if version == VersionId::Take(2) {
        vec![
            PinView { note: 3, kind: PinKind::Velocity },
            PinView { note: 20, kind: PinKind::Onset },
            PinView { note: 21, kind: PinKind::Duration },
        ]
    } else {
        Vec::new()
    };
    VersionView {
        id: version,
        score: score.id,
        revision: 1,
        end_secs: performance.end_secs(),
        performance,
        clock,
        tempo,
        articulation,
        ready_quarters: score.end_quarters,
        pins,
        drawn: Vec::new(),
        slips: Vec::new(),
    }
}

/// A note of the score that a recording misses.
pub fn missed(score: &ScoreView, note: u32) -> SlipView {
    let written = &score.notes[note as usize];
    SlipView {
        kind: SlipKind::Missed,
        from_quarters: written.onset_quarters,
        to_quarters: written.onset_quarters + written.duration_quarters,
        heard_quarters: written.onset_quarters,
        note: Some(note),
        pitch: Some(written.pitch),
        words: "Missed".to_owned(),
        ..SlipView::default()
    }
}

/// The sustain pedal goes down a little into each bar and comes up slowly before the next.
fn pedals(secs_at: &dyn Fn(f64) -> f64) -> Vec<PedalEvent> {
    let event =
        |quarters: f64, value| PedalEvent { time_secs: secs_at(quarters), pedal: Pedal::Sustain, value };
    (0..BARS)
        .flat_map(|bar| {
            let start = bar as f64 * 4.0;
            [event(start + 0.25, 127), event(start + 3.5, 80), event(start + 3.9, 0)]
        })
        .collect()
}

/// Take 2 against the deadpan.
pub fn comparison(score: &ScoreView) -> CompareView {
    let versions = [VersionId::Take(2), VersionId::Deadpan];
    let views = versions.map(|v| version_view(score, v));
    let row = |(bar, measure): (usize, &MeasureView)| BarRow {
        number: measure.number.clone(),
        pass: measure.pass,
        start_quarters: measure.start_quarters,
        end_quarters: measure.end_quarters,
        values: [0, 1].map(|k| {
            Some(BarValues {
                start_secs: views[k].clock[bar * 8].1,
                quarters_per_minute: tempo_at(versions[k], measure.start_quarters + 2.0),
                velocity: 64.0 + depth(versions[k]) * 60.0 * (bar as f64).sin(),
                articulation: 1.0 - depth(versions[k]) * 0.5,
                pedal: if versions[k] == VersionId::Deadpan { 0.0 } else { 0.85 },
                hands_apart_ms: None,
            })
        }),
        ..BarRow::default()
    };
    let trajectory = |version| Trajectory {
        points: (0..BARS * 4)
            .map(|beat| TrajectoryPoint {
                quarters: beat as f64,
                quarters_per_minute: tempo_at(version, beat as f64),
                velocity: 64.0 + depth(version) * 90.0 * (beat as f64 / 9.0).sin(),
            })
            .collect(),
    };
    CompareView {
        versions,
        names: ["Hesitant middle".to_owned(), "Deadpan".to_owned()],
        bars: score.measures.iter().enumerate().map(row).collect(),
        shared: vec![Shared { from_quarters: 0.0, to_quarters: score.end_quarters, there_quarters: 0.0 }],
        trajectories: versions.map(trajectory),
        loudness_lufs: [Some(-21.4), Some(-20.2)],
        ..CompareView::default()
    }
}

/// A mood over some measures of four quarters, known well.
pub fn span(text: &str, bars: Bars) -> MoodSpan {
    let arrow = |what, is_more, deviations| MoodArrow { what, is_more, deviations };
    MoodSpan {
        text: text.to_owned(),
        from_quarters: bars.start as f64 * 4.0,
        to_quarters: bars.end as f64 * 4.0,
        bars,
        sureness: 0.9,
        nearest: vec![("sad".to_owned(), 0.6), ("longing".to_owned(), 0.2)],
        arrows: vec![arrow(MoodCue::Tempo, false, 0.8), arrow(MoodCue::Dynamics, false, 1.1)],
        unknown: Vec::new(),
    }
}

/// A mood that drives.
pub fn fierce(text: &str, bars: Bars) -> MoodSpan {
    let arrow = |what, is_more, deviations| MoodArrow { what, is_more, deviations };
    let arrows = vec![
        arrow(MoodCue::Tempo, true, 0.9),
        arrow(MoodCue::Dynamics, true, 1.3),
        arrow(MoodCue::Articulation, false, 0.4),
        arrow(MoodCue::Pedal, false, 0.1),
        arrow(MoodCue::Rubato, true, 0.5),
    ];
    MoodSpan { arrows, sureness: 0.6, nearest: vec![("anger".to_owned(), 0.8)], ..span(text, bars) }
}

/// An answer about a text with these moods.
pub fn mood(text: &str, spans: Vec<MoodSpan>) -> Event {
    Event::Mood(Box::new(MoodView { text: text.to_owned(), spans, problem: None, note: None }))
}
