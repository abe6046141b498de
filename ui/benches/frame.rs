//! CPU time of a frame with 10,000 notes in view and all lanes open: laying out, drawing and
//! tessellating, without a GPU. It is the time that this thread worked, whatever else the machine
//! does.
//!
//! Run with `cargo bench -p ui --bench frame`. The goal is 16 ms, which is 60 frames a second.

#![allow(clippy::unwrap_used)]

use cpu_time::ThreadTime;
use egui::{Context, Event, Modifiers, MouseWheelUnit, RawInput, Rect, TouchPhase, pos2, vec2};
use protocol::{
    Event as Told, Hand, MeasureView, MoodSpan, MoodView, NoteView, Pedal, PedalEvent, Performance,
    PlayState, PlayedNote, ProjectView, ScoreView, TempoPoint, TransportView, VersionId, VersionView,
};
use ui::App;

/// Notes of the piece, all in view at first.
const NOTES: usize = 10_000;
/// Frames that are timed.
const FRAMES: usize = 200;
/// The goal.
const GOAL_MS: f64 = 16.0;

fn main() {
    let whole = median(&mut Face::new(), |_| Vec::new());
    let playing = median(&mut Face::playing(), |_| Vec::new());
    let hovering = median(&mut Face::new(), |k| vec![Event::PointerMoved(pos2(400.0 + k as f32, 300.0))]);
    let zooming = median(&mut Face::new(), zoom);
    println!("{NOTES} notes and their ghosts in view, five lanes, 1920 x 1080, median of {FRAMES} frames");
    println!("nothing moves:       {whole:6.2} ms");
    println!("playing:             {playing:6.2} ms");
    println!("the pointer moves:   {hovering:6.2} ms");
    println!("zooming all the time:{zooming:6.2} ms");
    let worst = whole.max(playing).max(hovering).max(zooming);
    println!("goal {GOAL_MS} ms: {}", if worst <= GOAL_MS { "met" } else { "MISSED" });
}

/// In and out again, so that nearly everything stays in view.
fn zoom(k: usize) -> Vec<Event> {
    let lines = if k.is_multiple_of(2) { 0.05 } else { -0.05 };
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, lines),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::CTRL,
    };
    vec![Event::PointerMoved(pos2(900.0, 300.0)), wheel]
}

struct Face {
    ctx: Context,
    app: App,
    time_secs: f64,
    vertices: usize,
}

impl Face {
    fn new() -> Self {
        let mut app = App::new();
        for event in piece() {
            app.receive(event, 0.0);
        }
        Self { ctx: Context::default(), app, time_secs: 0.0, vertices: 0 }
    }

    fn playing() -> Self {
        let mut face = Self::new();
        let transport = TransportView {
            state: PlayState::Playing,
            version: VersionId::Take(1),
            rate_percent: 100.0,
            ..TransportView::default()
        };
        face.app.receive(Told::Transport(transport), 0.0);
        face
    }

    /// A frame, as the window draws it; what it takes in milliseconds.
    fn frame(&mut self, events: Vec<Event>) -> f64 {
        self.time_secs += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1920.0, 1080.0))),
            time: Some(self.time_secs),
            events,
            ..RawInput::default()
        };
        let began = ThreadTime::now();
        let output = self.ctx.run_ui(input, |ui| self.app.ui(ui));
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let took = began.elapsed();
        let vertices = primitives.iter().map(|p| match &p.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        });
        self.vertices = vertices.sum();
        self.app.take_commands();
        took.as_secs_f64() * 1000.0
    }
}

fn median(face: &mut Face, events: impl Fn(usize) -> Vec<Event>) -> f64 {
    for _ in 0..20 {
        face.frame(Vec::new());
    }
    // Every note and every ghost is there, or the figure means nothing.
    assert!(face.vertices > 4 * 2 * NOTES, "only {} corners were drawn", face.vertices);
    let mut times: Vec<f64> = (0..FRAMES).map(|k| face.frame(events(k))).collect();
    times.sort_by(f64::total_cmp);
    times[FRAMES / 2]
}

/// A piece of 250 bars with 40 notes each, a take of it and the deadpan to compare with.
fn piece() -> Vec<Told> {
    let bars = NOTES / 40;
    let notes: Vec<NoteView> = (0..NOTES)
        .map(|k| NoteView {
            onset_quarters: (k / 2) as f64 * 0.2,
            duration_quarters: 0.2,
            pitch: if k % 2 == 0 { 40 + (k * 7 % 24) as u8 } else { 64 + (k * 5 % 30) as u8 },
            hand: if k % 2 == 0 { Hand::Left } else { Hand::Right },
            measure: (k / 40) as u32,
            is_grace: false,
        })
        .collect();
    let measures = (0..bars).map(|k| MeasureView {
        start_quarters: k as f64 * 4.0,
        end_quarters: k as f64 * 4.0 + 4.0,
        number: (k + 1).to_string(),
        pass: 1,
        metre: (4, 4),
        beat_quarters: 1.0,
    });
    let end_quarters = bars as f64 * 4.0;
    let score = ScoreView {
        title: "Ten thousand notes".to_owned(),
        notes,
        measures: measures.collect(),
        end_quarters,
        ..ScoreView::default()
    };
    let project = ProjectView {
        listening: VersionId::Take(1),
        compared: Some(VersionId::Deadpan),
        ..ProjectView::default()
    };
    let versions = [(VersionId::Deadpan, 0.0), (VersionId::Take(1), 0.2)];
    let versions = versions.map(|(id, depth)| Told::Version(Box::new(version(&score, id, depth))));
    let mut events = vec![Told::Project(Some(Box::new(project))), Told::Scores(vec![score])];
    events.extend(versions);
    events.push(Told::Mood(Box::new(moods(bars))));
    events
}

/// A mood for every ten bars, each known in its own degree.
fn moods(bars: usize) -> MoodView {
    let spans = (0..bars / 10).map(|k| MoodSpan {
        text: format!("mood {k}"),
        bars: k * 10..k * 10 + 10,
        from_quarters: k as f64 * 40.0,
        to_quarters: k as f64 * 40.0 + 40.0,
        sureness: k as f64 * 10.0 / bars as f64,
        ..MoodSpan::default()
    });
    MoodView { spans: spans.collect(), ..MoodView::default() }
}

fn version(score: &ScoreView, id: VersionId, depth: f64) -> VersionView {
    let secs_at = |quarters: f64| 0.5 * quarters + depth * (quarters * 0.7).sin() * 0.5;
    let clock: Vec<(f64, f64)> =
        (0..=score.measures.len() * 4).map(|q| (q as f64, secs_at(q as f64))).collect();
    let notes = score.notes.iter().enumerate().map(|(k, n)| PlayedNote {
        note: k as u32,
        onset_secs: secs_at(n.onset_quarters),
        duration_secs: 0.08 + 0.02 * depth * (k % 7) as f64,
        velocity: (40 + k * 13 % 70) as u8,
    });
    let pedals = score.measures.iter().flat_map(|m| {
        let event =
            |quarters: f64, value| PedalEvent { time_secs: secs_at(quarters), pedal: Pedal::Sustain, value };
        [event(m.start_quarters + 0.2, 127), event(m.end_quarters - 0.1, 0)]
    });
    let tempo = score.notes.iter().step_by(2).map(|n| TempoPoint {
        quarters: n.onset_quarters,
        quarters_per_minute: 120.0 + 60.0 * depth * (n.onset_quarters * 0.7).cos(),
    });
    VersionView {
        id,
        score: score.id,
        revision: 1,
        performance: Performance { notes: notes.collect(), pedals: pedals.collect() },
        tempo: tempo.collect(),
        articulation: (0..NOTES).map(|k| Some(0.5 + 0.005 * (k % 100) as f32)).collect(),
        ready_quarters: score.end_quarters,
        end_secs: secs_at(score.end_quarters),
        clock,
        pins: Vec::new(),
        drawn: Vec::new(),
    }
}
