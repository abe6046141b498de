//! The model keeps the last word on everything.

use crate::common;

use protocol::{
    Event, Level, Message, PlayState, ProjectView, ScoreId, ScoreView, TransportView, VersionId, VersionView,
};
use ui::Model;

#[test]
fn the_invented_piece_is_a_whole_project() {
    let model = common::model();
    assert_eq!(model.score.measures.len(), common::BARS);
    assert_eq!(model.versions.len(), 4);
    assert_eq!(model.listening().unwrap().id, VersionId::Take(2));
    assert_eq!(model.compared().unwrap().id, VersionId::Deadpan);
    for version in model.versions.values() {
        assert_eq!(version.performance.notes.len(), model.score.notes.len());
        assert!(version.clock.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
    }
}

#[test]
fn another_score_takes_its_versions_along() {
    let mut model = common::model();
    let revision = model.score_revision;
    model.apply(Event::Scores(vec![common::score()]), 1.0);
    assert!(model.versions.is_empty());
    assert_eq!(model.score_revision, revision + 1);
    assert!(model.comparison.is_none());
}

#[test]
fn the_score_shown_is_the_one_that_the_version_heard_plays() {
    let mut model = common::model();
    let revision = model.score_revision;
    let mut other = ScoreView { id: ScoreId(1), ..common::score() };
    other.measures.truncate(4);
    model.apply(Event::Scores(vec![common::score(), other.clone()]), 1.0);
    let of_other = VersionView { score: other.id, ..common::version_view(&other, VersionId::Take(1)) };
    model.apply(Event::Version(Box::new(of_other)), 1.0);
    let of_first = common::version_view(&common::score(), VersionId::Take(2));
    model.apply(Event::Version(Box::new(of_first)), 1.0);
    assert_eq!((model.score.measures.len(), model.score_revision), (common::BARS, revision + 1));
    let listen = |id| Event::Project(Some(Box::new(ProjectView { listening: id, ..common::project() })));
    model.apply(listen(VersionId::Take(1)), 2.0);
    assert_eq!((model.score.id, model.score.measures.len()), (ScoreId(1), 4));
    assert_eq!(model.score_revision, revision + 2);
    assert!(model.versions.contains_key(&VersionId::Take(2)), "the other versions are still there");
    model.apply(listen(VersionId::Take(2)), 3.0);
    assert_eq!(model.score.measures.len(), common::BARS);
}

#[test]
fn takes_are_described_by_what_was_told_last() {
    let mut model = common::model();
    assert_eq!(model.description(VersionId::Take(1)), "Seed 11, PianoFlow");
    assert_eq!(model.description(VersionId::Deadpan), "");
    let mut settings = common::settings();
    settings.performers[0].name = "Flow".to_owned();
    model.apply(Event::Settings(Box::new(settings)), 1.0);
    assert_eq!(model.description(VersionId::Take(1)), "Seed 11, Flow");
    model.apply(Event::Project(None), 2.0);
    assert_eq!(model.description(VersionId::Take(1)), "");
}

fn told(text: &str) -> Event {
    Event::Message(Message { level: Level::Warning, text: text.to_owned() })
}

fn texts(model: &Model) -> Vec<&str> {
    model.messages.iter().map(|told| told.message.text.as_str()).collect()
}

#[test]
fn messages_go_with_their_document() {
    let mut model = common::model();
    model.apply(told("bar 3 is too long"), 5.0);
    assert_eq!(texts(&model), ["Bar 3 is too long"]);
    let named = |name: &str| ProjectView { name: name.to_owned(), ..common::project() };
    // Saved under another name it is the same document, even if it gets another score later.
    model.apply(Event::Project(Some(Box::new(named("Morning song")))), 10.0);
    model.apply(told("saved"), 10.0);
    model.apply(Event::Scores(vec![common::score()]), 11.0);
    assert_eq!(texts(&model), ["Bar 3 is too long", "Saved"]);
    // Another one brings its own messages.
    model.apply(told("opened for reading only"), 20.0);
    model.apply(Event::Project(Some(Box::new(ProjectView { opening: 2, ..named("Waltz") }))), 20.1);
    model.apply(Event::Scores(vec![common::score()]), 20.1);
    assert_eq!(texts(&model), ["Opened for reading only"]);
    model.apply(Event::Project(None), 30.0);
    assert_eq!(texts(&model), [""; 0]);
}

#[test]
fn speed_and_volume_are_those_of_the_beginning_until_the_transport_is_told() {
    let transport = Model::default().transport;
    assert_eq!((transport.rate_percent, transport.volume), (100.0, 0.8));
}

#[test]
fn the_playhead_moves_between_two_words_of_the_shell() {
    let mut model = common::model();
    let playing = TransportView {
        state: PlayState::Playing,
        position_secs: 2.0,
        rate_percent: 50.0,
        ..common::transport()
    };
    model.apply(Event::Transport(playing), 10.0);
    assert!((model.playhead_secs(10.1) - 2.05).abs() < 1e-9);
    // A silent shell does not send it away.
    assert!(model.playhead_secs(99.0) < 2.2);
}
