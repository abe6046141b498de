//! CPU time of a frame with 10,000 notes in view and all lanes open: laying out, drawing and
//! tessellating, without a GPU. It is the time that this thread worked, whatever else the machine
//! does.
//!
//! Run with `cargo bench -p ui --bench frame`. The goal is 16 ms, which is 60 frames a second.

#![allow(clippy::unwrap_used)]

use cpu_time::ThreadTime;
use egui::{Context, Event, Modifiers, MouseWheelUnit, RawInput, Rect, TouchPhase, pos2, vec2};
use protocol::{
    Command, DrawnSystem, EngravedHead, EngravedMeasure, EngravedPass, Event as Told, Hand, MeasureView,
    MoodSpan, MoodView, NoteView, PageView, Pedal, PedalEvent, Performance, PlayState, PlayedNote,
    ProjectView, ScoreView, SystemView, TempoPoint, TransportView, VersionId, VersionView,
};
use ui::{App, UiCommand};

/// Notes of the piece, all in view at first.
const NOTES: usize = 10_000;
/// Frames that are timed.
const FRAMES: usize = 200;
/// The goal.
const GOAL_MS: f64 = 16.0;

fn main() {
    // Every note and every ghost is there, or the figure means nothing.
    let all = 4 * 2 * NOTES;
    let hover = |k: usize| vec![Event::PointerMoved(pos2(400.0 + k as f32, 300.0))];
    let whole = median(&mut Face::new(), all, |_| Vec::new());
    let playing = median(&mut Face::playing(), all, |_| Vec::new());
    let hovering = median(&mut Face::new(), all, hover);
    let zooming = median(&mut Face::new(), all, zoom);
    let page = median(&mut Face::page(), 0, hover);
    let scrolling = median(&mut Face::page(), 0, scroll);
    println!("{NOTES} notes and their ghosts in view, five lanes, 1920 x 1080, median of {FRAMES} frames");
    println!("nothing moves:       {whole:6.2} ms");
    println!("playing:             {playing:6.2} ms");
    println!("the pointer moves:   {hovering:6.2} ms");
    println!("zooming all the time:{zooming:6.2} ms");
    println!("the page, playing:   {page:6.2} ms");
    println!("the page, scrolling: {scrolling:6.2} ms");
    let worst = [whole, playing, hovering, zooming, page, scrolling].into_iter().fold(0.0, f64::max);
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

/// Down over the page and up again.
fn scroll(k: usize) -> Vec<Event> {
    let lines = if k % 100 < 50 { -1.0 } else { 1.0 };
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, lines),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    };
    vec![Event::PointerMoved(pos2(900.0, 500.0)), wheel]
}

struct Face {
    ctx: Context,
    app: App,
    time_secs: f64,
    vertices: usize,
    /// What was asked of the shell in the last frame.
    asked: Vec<Command>,
}

impl Face {
    fn new() -> Self {
        let mut app = App::new();
        for event in piece() {
            app.receive(event, 0.0);
        }
        Self { ctx: Context::default(), app, time_secs: 0.0, vertices: 0, asked: Vec::new() }
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

    /// The page alone, with pictures of all that is in view and near it.
    fn page() -> Self {
        let mut face = Self::playing();
        face.app.ask(UiCommand::ViewPage);
        let mut drawings = 0;
        for _ in 0..60 {
            face.frame(Vec::new());
            for command in std::mem::take(&mut face.asked) {
                let answer = match command {
                    Command::ShowPage { width_spaces, .. } => Told::Page(Box::new(page(width_spaces))),
                    Command::DrawSystem { width_spaces, system, pixels_per_space, .. } => {
                        drawings += 1;
                        Told::SystemDrawn(Box::new(drawn(width_spaces, system, pixels_per_space)))
                    }
                    _ => continue,
                };
                face.app.receive(answer, face.time_secs);
            }
        }
        // Systems are asked for when the page is there and they are in view.
        assert!(drawings >= 4, "only {drawings} systems were drawn");
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
        self.asked = self.app.take_commands();
        took.as_secs_f64() * 1000.0
    }
}

fn median(face: &mut Face, corners: usize, events: impl Fn(usize) -> Vec<Event>) -> f64 {
    for _ in 0..20 {
        face.frame(Vec::new());
    }
    assert!(face.vertices > corners, "only {} corners were drawn", face.vertices);
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

/// The piece engraved, four bars in a system.
fn page(width_spaces: f32) -> PageView {
    let bar_width = width_spaces / 4.0;
    let system = |system: usize| {
        let bars = (system * 4..system * 4 + 4).filter(|bar| bar * 40 < NOTES);
        let measures = bars.clone().zip(0u8..).map(|(bar, k)| EngravedMeasure {
            passes: vec![EngravedPass { measure: bar as u32, start_quarters: bar as f64 * 4.0 }],
            length_quarters: 4.0,
            left: f32::from(k) * bar_width,
            right: f32::from(k + 1) * bar_width,
        });
        let heads = bars.flat_map(|bar| (0..40).map(move |k| (bar, k))).map(|(bar, k)| {
            let left = (bar % 4) as f32 * bar_width + 1.0 + k as f32 / 40.0 * (bar_width - 2.0);
            let top = 3.0 + (k * 7 % 16) as f32 / 2.0;
            let notes = vec![(bar * 40 + k) as u32];
            EngravedHead { notes, left, top, right: left + 1.2, bottom: top + 1.0, is_tied_on: false }
        });
        SystemView {
            width: width_spaces,
            height: 15.0,
            staves_top: 3.0,
            staves_bottom: 12.0,
            measures: measures.collect(),
            heads: heads.collect(),
        }
    };
    let systems = (0..NOTES.div_ceil(160)).map(system).collect();
    PageView { width_spaces, systems, is_complete: true, ..PageView::default() }
}

/// A picture of a system: what is on it takes no time.
fn drawn(width_spaces: f32, system: u32, pixels_per_space: f32) -> DrawnSystem {
    use base64::Engine as _;
    let pixels = |spaces: f32| (spaces * pixels_per_space).ceil() as u32;
    let (width, height) = (pixels(width_spaces), pixels(15.0));
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![90; (width * height) as usize]).unwrap();
    writer.finish().unwrap();
    let ink_png = base64::engine::general_purpose::STANDARD.encode(&png);
    DrawnSystem { width_spaces, system, pixels_per_space, ink_png, ..DrawnSystem::default() }
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
        slips: Vec::new(),
    }
}
