//! Five variations of bars 5 to 8 of the invented piece.

use protocol::{
    Bars, ComposerView, Event, Hand, JobView, ProjectView, ScoreId, ScoreView, SettingsView, Shared,
    SimilarityView, TakeView, VariationState, VariationView, VariationsView, VaryConstraints, VaryRequest,
    VersionId, VersionView, ViewState,
};

/// The bars that are varied.
pub const VARIED: Bars = 4..8;

/// What they are varied of.
pub const ORIGINAL: VersionId = VersionId::Take(2);

/// The version that plays a variation.
pub fn variation_version(number: u32) -> VersionId {
    VersionId::Take(10 + number)
}

/// A composer that can write, or says why not.
pub fn with_composer(unavailable: Option<&str>) -> Event {
    let composer = ComposerView {
        id: "toy".to_owned(),
        name: "Toy".to_owned(),
        description: "Varies for tests".to_owned(),
        unavailable: unavailable.map(str::to_owned),
    };
    Event::Settings(Box::new(SettingsView { composers: vec![composer], ..super::settings() }))
}

/// The project with bars selected.
pub fn with_selection(selection: Option<Bars>) -> ProjectView {
    ProjectView { view: ViewState { selection, ..ViewState::default() }, ..super::project() }
}

/// The events that fill a model with bars selected and a composer that can write.
pub fn varying_events(selection: Option<Bars>) -> Vec<Event> {
    let mut events = super::events();
    for event in &mut events {
        match event {
            Event::Settings(_) => *event = with_composer(None),
            Event::Project(_) => *event = Event::Project(Some(Box::new(with_selection(selection.clone())))),
            _ => {}
        }
    }
    events
}

/// The variations that were made last; a job if they still are.
pub fn variations(count: u32, job: Option<u64>) -> VariationsView {
    let variation = |number: u32| VariationView {
        number,
        version: variation_version(number),
        similarity: SimilarityView {
            overall: 0.86 - 0.12 * f64::from(number),
            pitch: 0.91,
            onset: 0.64,
            duration: 0.55,
            equal: 0.32,
        },
        state: VariationState::New,
    };
    let request = VaryRequest {
        composer: "toy".to_owned(),
        of: ORIGINAL,
        bars: VARIED,
        count: 5,
        similarity: 0.7,
        constraints: VaryConstraints::default(),
        seed: 1,
    };
    let list = (1..=count).map(variation).collect();
    VariationsView { request, score: ScoreId(0), job, list, too_similar: None }
}

/// The same as an event.
pub fn made(count: u32, job: Option<u64>) -> Event {
    Event::Variations(Some(Box::new(variations(count, job))))
}

/// A job that makes variations.
pub fn composing() -> JobView {
    JobView { id: 9, label: "Toy varies bars 5–8".to_owned(), progress: Some(0.4), ..JobView::default() }
}

/// The score with other notes of the right hand in the bars: two semitones higher.
pub fn varied_score() -> ScoreView {
    let mut score = ScoreView { id: ScoreId(1 << 31), ..super::score() };
    let is_varied = |bar: u32| VARIED.contains(&(bar as usize));
    for note in score.notes.iter_mut().filter(|n| n.hand == Hand::Right && is_varied(n.measure)) {
        note.pitch += 2;
    }
    score
        .notes
        .sort_by(|a, b| (a.onset_quarters, a.pitch).partial_cmp(&(b.onset_quarters, b.pitch)).unwrap());
    score
}

/// The project with five variations, one of which is heard, beside what it was made of.
pub fn hearing(number: u32, selection: Option<Bars>) -> ProjectView {
    let preview = |number: u32| TakeView {
        id: variation_version(number),
        name: format!("Variation {number}"),
        parent: Some(ORIGINAL),
        bars: Some(VARIED),
        ..TakeView::default()
    };
    ProjectView {
        previews: (1..=5).map(preview).collect(),
        listening: variation_version(number),
        compared: Some(ORIGINAL),
        ..with_selection(selection)
    }
}

/// What the shell tells when a variation is heard for the first time.
pub fn hears(number: u32, selection: Option<Bars>) -> Vec<Event> {
    let (score, varied) = (super::score(), varied_score());
    let heard = VersionView {
        id: variation_version(number),
        pins: Vec::new(),
        ..super::version_view(&varied, ORIGINAL)
    };
    let mut comparison = super::comparison(&score);
    comparison.versions = [heard.id, ORIGINAL];
    comparison.names = [format!("Variation {number}"), "Hesitant middle".to_owned()];
    comparison.shared =
        vec![Shared { from_quarters: 0.0, to_quarters: score.end_quarters, there_quarters: 0.0 }];
    let mut events = vec![
        Event::Project(Some(Box::new(hearing(number, selection)))),
        Event::Scores(vec![score.clone(), varied]),
    ];
    for version in [VersionId::Deadpan, VersionId::Take(1), ORIGINAL, VersionId::Recording(1)] {
        events.push(Event::Version(Box::new(super::version_view(&score, version))));
    }
    events.push(Event::Version(Box::new(heard)));
    events.push(Event::Comparison(Some(Box::new(comparison))));
    events
}
