//! What tells a take from the others: performer, mood, tempo, amounts, settings, bars and seed.

use std::collections::BTreeMap;

use protocol::{
    Amounts, BaseTempo, BeatView, KnobKind, KnobValue, PerformerView, ProjectView, ScoreView, TakeView,
    VersionId,
};

use crate::words;

/// What takes are told by.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The takes.
    pub project: &'a ProjectView,
    /// Who can play, with their names.
    pub performers: &'a [PerformerView],
    /// The score heard, whose numbers bars have.
    pub score: &'a ScoreView,
}

/// Where each take and recording came from, in one line. What tells a take from the others comes first,
/// since the end may be cut off. [`Model`](crate::Model) keeps these lines until their sources change.
pub fn all(sources: Sources<'_>) -> BTreeMap<VersionId, String> {
    let takes = sources.project.takes.iter();
    let told: Vec<(&TakeView, Vec<String>)> = takes.map(|take| (take, parts(take, sources))).collect();
    // Recordings have nothing of what takes are told apart by.
    let performed = || told.iter().filter(|(take, _)| !take.performer.is_empty());
    let count = performed().count();
    // In how many takes a part is; no take has one twice.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for part in performed().flat_map(|(_, parts)| parts) {
        *counts.entry(part).or_default() += 1;
    }
    let is_shared = |part: &&str| count > 1 && counts.get(*part) == Some(&count);
    let line = |parts: &[String]| {
        let (shared, telling): (Vec<&str>, Vec<&str>) = parts.iter().map(String::as_str).partition(is_shared);
        words::capitalised(&[telling, shared].concat().join(", "))
    };
    told.iter().map(|(take, parts)| (take.id, line(parts))).collect()
}

fn parts(take: &TakeView, sources: Sources<'_>) -> Vec<String> {
    if take.performer.is_empty() {
        // A recording, or a version made by hand.
        return vec![take.origin.clone()];
    }
    let Sources { project, performers, score } = sources;
    let performer = performers.iter().find(|p| p.id == take.performer);
    // A copy says first what it is a copy of.
    let copy = take.origin.starts_with("copy of ").then(|| take.origin.clone());
    let mut parts: Vec<String> = copy.into_iter().collect();
    parts.push(performer.map_or_else(|| take.performer.clone(), |p| p.name.clone()));
    parts.extend(take.bars.as_ref().map(|bars| {
        let bars = words::bars(score, bars);
        take.parent
            .map_or_else(|| bars.clone(), |of| format!("{bars} of {}", words::version(Some(project), of)))
    }));
    if !take.mood.is_empty() {
        parts.push(format!("“{}”", take.mood));
        if take.strength != 1.0 {
            parts.push(format!("strength {}", percent(take.strength)));
        }
    }
    // Bars have the tempo around them.
    parts.extend(base_tempo(take.base_tempo, &score.beat).filter(|_| take.bars.is_none()));
    parts.extend(amounts(&take.amounts));
    parts.extend(take.knobs.iter().map(|(id, value)| knob(performer, id, value)));
    parts.push(format!("seed {}", take.seed));
    parts
}

/// The tempo that was asked for, where it is not the default.
fn base_tempo(base_tempo: BaseTempo, beat: &BeatView) -> Option<String> {
    match base_tempo {
        BaseTempo::AsMarked => None,
        BaseTempo::Free => beat.marked.map(|_| "not as marked".to_owned()),
        BaseTempo::Bpm(per_minute) => Some(format!("{} = {}", beat.name, rounded(per_minute))),
    }
}

/// Amounts that differ from the default, called as in the panel that sets them.
fn amounts(amounts: &Amounts) -> Vec<String> {
    let Amounts { dynamics, tempo, rubato, articulation, pedal, balance_db } = *amounts;
    let shares = [
        ("dynamics", dynamics),
        ("tempo changes", tempo),
        ("rubato", rubato),
        ("articulation", articulation),
        ("pedalling", pedal),
    ];
    let changed = shares.into_iter().filter(|(_, share)| *share != 1.0);
    let mut texts: Vec<String> = changed.map(|(name, share)| format!("{name} {}", percent(share))).collect();
    if balance_db != 0.0 {
        texts.push(format!("balance {balance_db:+} dB"));
    }
    texts
}

/// Where a knob stood, called as in the panel that sets it.
fn knob(performer: Option<&PerformerView>, id: &str, value: &KnobValue) -> String {
    let knob = performer.and_then(|p| p.knobs.iter().find(|knob| knob.id == id));
    let name = knob.map_or_else(|| id.to_owned(), |knob| knob.name.to_lowercase());
    let value = match (value, knob.map(|knob| &knob.kind)) {
        (KnobValue::Number(number), _) => rounded(*number),
        (KnobValue::Choice(id), Some(KnobKind::Choice(options))) => {
            let option = options.iter().find(|option| option.id == *id);
            option.map_or_else(|| id.clone(), |option| option.name.to_lowercase())
        }
        (KnobValue::Choice(id), _) => id.clone(),
        (KnobValue::Manner(manner), _) => return format!("like {}", manner.name),
    };
    format!("{name} {value}")
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Two decimals at most.
fn rounded(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(number: u32, mood: &str, seed: u64) -> TakeView {
        TakeView {
            id: VersionId::Take(number),
            name: format!("Take {number}"),
            performer: "rules".to_owned(),
            mood: mood.to_owned(),
            strength: 1.0,
            base_tempo: BaseTempo::AsMarked,
            seed,
            ..TakeView::default()
        }
    }

    /// The lines of these takes, in the order of their identifiers.
    fn lines(takes: Vec<TakeView>) -> Vec<String> {
        let project = ProjectView { takes, ..ProjectView::default() };
        let sources = Sources { project: &project, performers: &[], score: &ScoreView::default() };
        all(sources).into_values().collect()
    }

    #[test]
    fn what_takes_share_comes_last() {
        let lines = lines(vec![take(1, "calm", 1), take(2, "calm", 2), take(3, "calm", 3)]);
        assert_eq!(lines[1], "Seed 2, rules, “calm”");
    }

    #[test]
    fn settings_that_differ_are_named_as_in_the_panel() {
        let amounts = Amounts { tempo: 0.5, balance_db: 3.0, ..Amounts::default() };
        let differing =
            TakeView { amounts, base_tempo: BaseTempo::Bpm(66.0), strength: 1.5, ..take(2, "angry", 1) };
        assert_eq!(
            lines(vec![take(1, "", 1), differing])[1],
            "“angry”, strength 150 %, quarter = 66, tempo changes 50 %, balance +3 dB, rules, seed 1"
        );
    }

    #[test]
    fn knobs_are_named_as_in_the_panel() {
        let option = |id: &str, name: &str| protocol::KnobOption {
            id: id.to_owned(),
            name: name.to_owned(),
            description: String::new(),
        };
        let style = protocol::KnobView {
            id: "style".to_owned(),
            name: "Style".to_owned(),
            description: String::new(),
            kind: KnobKind::Choice(vec![option("none", "Plain"), option("bossa", "Bossa Nova")]),
        };
        let performer = PerformerView { knobs: vec![style], ..PerformerView::default() };
        let told = |id: &str, value: KnobValue| knob(Some(&performer), id, &value);
        assert_eq!(told("style", "bossa".into()), "style bossa nova");
        assert_eq!(told("style", "of-old".into()), "style of-old");
        assert_eq!(told("swing", KnobValue::Number(0.6)), "swing 0.6");
        let manner = protocol::Manner { name: "Lesson of May".to_owned(), ..protocol::Manner::default() };
        assert_eq!(told("reference", KnobValue::Manner(manner)), "like Lesson of May");
    }

    #[test]
    fn a_take_alone_says_all_and_what_nobody_performed_says_where_it_is_from() {
        let recording = TakeView {
            id: VersionId::Recording(2),
            origin: "recording · lesson.mid".to_owned(),
            ..TakeView::default()
        };
        let lines = lines(vec![take(1, "", 7), recording]);
        assert_eq!(lines, ["Rules, seed 7", "Recording · lesson.mid"]);
    }
}
