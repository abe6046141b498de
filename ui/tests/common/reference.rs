//! A performer that plays like somebody else, and who that is.

use protocol::{
    Event, JobView, KnobKind, KnobRange, KnobValue, KnobView, Manner, PanelState, ProjectView, SettingsView,
    ViewState, WriterView,
};

/// The settings with a performer that plays like one or two others, and somewhere between them.
pub fn with_references() -> SettingsView {
    let knob = |id: &str, name: &str, kind| KnobView {
        id: id.to_owned(),
        name: name.to_owned(),
        description: format!("What {id} does"),
        kind,
    };
    let reference = |enables: &str| KnobKind::Reference(vec![enables.to_owned()]);
    let share = KnobKind::Number(KnobRange { min: 0.0, max: 1.0, default: 0.5, is_share: true });
    let mut settings = super::settings();
    settings.performers[0].knobs = vec![
        knob("like", "Play it like", reference("like-second")),
        knob("like-second", "And like", reference("blend")),
        knob("blend", "Between the two", share),
    ];
    settings
}

/// What was read of a performance.
pub fn manner(name: &str) -> Manner {
    Manner { name: name.to_owned(), model: "toy".to_owned(), numbers: vec![0.5, -1.0] }
}

/// What was read for a knob.
pub fn read(knob: &str, name: &str) -> Event {
    Event::Manner { performer: "pianoflow".to_owned(), knob: knob.to_owned(), manner: manner(name) }
}

/// A job that reads for a knob.
pub fn reading(knob: &str) -> JobView {
    JobView {
        id: 3,
        label: "Reading lesson.mid".to_owned(),
        progress: Some(0.3),
        reads_for: Some(("pianoflow".to_owned(), knob.to_owned())),
        ..JobView::default()
    }
}

/// The project with the panel set to play like one recording, and like a take.
pub fn played_like_two() -> ProjectView {
    let knobs = [("like", "Lesson of May"), ("like-second", "Take 1")];
    let knobs = knobs.map(|(id, name)| (id.to_owned(), KnobValue::Manner(manner(name)))).into();
    let panel = PanelState { performer: "pianoflow".to_owned(), knobs, ..PanelState::default() };
    let view = ViewState { panel: Some(Box::new(panel)), ..ViewState::default() };
    ProjectView { view, ..super::project() }
}

/// The settings with a writer of pieces that can write, or says why not.
pub fn with_writer(unavailable: Option<&str>) -> Event {
    let writer = WriterView {
        id: "toy".to_owned(),
        name: "Toy".to_owned(),
        description: "Writes for tests".to_owned(),
        unavailable: unavailable.map(str::to_owned),
    };
    Event::Settings(Box::new(SettingsView { writers: vec![writer], ..super::settings() }))
}
