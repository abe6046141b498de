//! What of a comparison is worth saying, in words that a pupil understands. No grade and no sum of it all.
//!
//! A difference is said from where listeners notice it, in three steps. The first step of each is from the literature,
//! named beside it; the other two are ours.

use application::text::counted;
use performance::hands::median;
use protocol::{BarRow, BarValues, CompareView, OffBeat, SlipKind, SlipView, VersionId};

use super::agreement::OFF_PERCENT;
use super::spread::LEAST_OTHERS;
use crate::document::Played;
use crate::places;

/// MIDI velocities to a decibel, as in the rules of performance (`analysis::sketch`).
const VELOCITY_PER_DB: f64 = 2.5;

/// Hands that strike within so many milliseconds are heard as together on a piano (Goebl and Parncutt, "The influence of
/// relative intensity on the perception of onset asynchronies", ICMPC 7, 2002: from about 30 ms on; which of two
/// sounds is first is told from about 20 ms on: Hirsh, "Auditory perception of temporal order", JASA 31, 1959).
const TOGETHER_MS: f64 = 30.0;

/// A tempo whose beat changes by less from one to the next is steady: what is just noticed of one interval (Drake and
/// Botte, "Tempo sensitivity in auditory sequences", Perception & Psychophysics 54(3), 1993). Twice that is a little unsteady.
const STEADY_PERCENT: f64 = 6.0;

/// No more differences are said of a bar.
const MOST_DIFFERENCES: usize = 3;

/// Slips of one kind in a bar are counted if they are more.
const MOST_SLIPS: usize = 2;

/// A side of playing.
struct Dimension {
    /// On a scale on which differences are what is heard.
    value: fn(&BarValues) -> f64,
    /// From where on a difference is there, is clear, and is large.
    steps: [f64; 3],
    /// What stands before the degree.
    before: &'static str,
    more: &'static str,
    less: &'static str,
}

const DIMENSIONS: [Dimension; 4] = [
    // In per cents; Drake and Botte as above.
    Dimension {
        value: |v| 100.0 * v.quarters_per_minute.ln(),
        steps: [6.0, 15.0, 35.0],
        before: "",
        more: "faster",
        less: "slower",
    },
    // In decibels; levels are told apart from about 1 dB on (Fastl and Zwicker, "Psychoacoustics", chapter 7).
    Dimension {
        value: |v| v.velocity / VELOCITY_PER_DB,
        steps: [1.0, 3.0, 6.0],
        before: "",
        more: "louder",
        less: "softer",
    },
    // In per cents of the length; durations are told apart from 10 to 20 % on (Abel, "Duration discrimination of noise
    // and tone bursts", JASA 51, 1972).
    Dimension {
        value: |v| 100.0 * v.articulation.ln(),
        steps: [20.0, 50.0, 100.0],
        before: "notes ",
        more: "longer",
        less: "shorter",
    },
    // In per cents of the time; no published figure is known to us.
    Dimension {
        value: |v| 100.0 * v.pedal,
        steps: [15.0, 40.0, 70.0],
        before: "",
        more: "more pedal",
        less: "less pedal",
    },
];

impl Dimension {
    /// A difference in words with how strong it is, 1 for just noticed; none if it is not noticed.
    fn remark(&self, difference: f64) -> Option<(f64, String)> {
        let degree = match self.steps.iter().filter(|step| difference.abs() >= **step).count() {
            0 => return None,
            1 => "a little ",
            2 => "",
            _ => "much ",
        };
        let word = if difference > 0.0 { self.more } else { self.less };
        Some((difference.abs() / self.steps[0], format!("{}{degree}{word}", self.before)))
    }

    /// How the first version differs from the second one in a bar.
    fn difference(&self, row: &BarRow) -> Option<f64> {
        let [heard, compared] = &row.values;
        let difference = (self.value)(heard.as_ref()?) - (self.value)(compared.as_ref()?);
        difference.is_finite().then_some(difference)
    }

    /// How far the first version is beyond all others in a bar, if that is noticed.
    fn beyond(&self, row: &BarRow) -> Option<f64> {
        let value = (self.value)(row.values[0].as_ref()?);
        let [low, high] = row.spread.as_ref()?.each_ref().map(self.value);
        let beyond = if value > high { value - high } else { (value - low).min(0.0) };
        (beyond.abs() >= self.steps[0]).then_some(beyond)
    }
}

/// Adds what there is to say to a comparison that is complete but for that: of each bar and on the whole. `slips` are
/// those of both versions.
pub fn tell(view: &mut CompareView, played: [&Played; 2], slips: [&[SlipView]; 2]) {
    let usual = DIMENSIONS.each_ref().map(|d| median(view.bars.iter().filter_map(|row| d.difference(row))));
    let everywhere = DIMENSIONS.each_ref().map(|d| beyond_almost_everywhere(d, view));
    let mut bars = slips_of_bars(view, played, slips);
    for (row, words) in view.bars.iter().zip(&mut bars) {
        let mut remarks: Vec<(f64, String)> = Vec::new();
        for ((dimension, usual), everywhere) in DIMENSIONS.iter().zip(usual).zip(everywhere) {
            // Beside what is usual in the piece; a bar that is softer is not called louder for that.
            let here = dimension.difference(row).zip(usual);
            let here =
                here.map(|(here, usual)| (here, here - usual)).filter(|(here, beside)| here * beside >= 0.0);
            let here = here.map(|(_, beside)| beside);
            remarks.extend(here.and_then(|difference| dimension.remark(difference)));
            let beyond = dimension.beyond(row).filter(|beyond| everywhere != Some(*beyond > 0.0));
            let word = |beyond: f64| if beyond > 0.0 { dimension.more } else { dimension.less };
            let others = view.agreement.others;
            remarks.extend(beyond.map(|beyond| {
                let strength = beyond.abs() / dimension.steps[0];
                (strength, format!("{}{} than all {others} others", dimension.before, word(beyond)))
            }));
        }
        remarks.extend(hands_remark(row));
        remarks.extend(row.off_beat.map(beat_remark));
        remarks.sort_by(|a, b| b.0.total_cmp(&a.0));
        words.extend(remarks.into_iter().take(MOST_DIFFERENCES).map(|remark| remark.1));
    }
    view.bars.iter_mut().zip(bars).for_each(|(row, words)| row.words = words);
    let mut whole = vec![on_the_whole(&view.names, usual)];
    whole.extend(DIMENSIONS.iter().zip(everywhere).filter_map(|(d, more)| beyond_words(view, d, more?)));
    for (side, slips) in slips.into_iter().enumerate() {
        whole.extend(steady_words(view, side));
        whole.extend(hands_words(view, side));
        whole.extend(slips_words(&view.names[side], slips));
    }
    view.agreement.words = whole;
}

/// Whether the first version is beyond all others in more than half of the bars: more or less.
fn beyond_almost_everywhere(dimension: &Dimension, view: &CompareView) -> Option<bool> {
    let compared = view.bars.iter().filter(|row| row.spread.is_some()).count();
    let beyond: Vec<f64> = view.bars.iter().filter_map(|row| dimension.beyond(row)).collect();
    let more = beyond.iter().filter(|beyond| **beyond > 0.0).count();
    if 2 * more > compared {
        Some(true)
    } else if 2 * (beyond.len() - more) > compared {
        Some(false)
    } else {
        None
    }
}

fn beyond_words(view: &CompareView, dimension: &Dimension, is_more: bool) -> Option<String> {
    let others = view.agreement.others;
    let word = if is_more { dimension.more } else { dimension.less };
    let name = &view.names[0];
    let said = format!("{name}: {}{word} than all {others} others almost everywhere", dimension.before);
    (others >= LEAST_OTHERS).then_some(said)
}

/// Hands that are apart, and further than those of the other version.
fn hands_remark(row: &BarRow) -> Option<(f64, String)> {
    let [heard, compared] =
        row.values.each_ref().map(|values| values.as_ref().and_then(|v| v.hands_apart_ms));
    let apart = heard.filter(|apart| *apart >= TOGETHER_MS && *apart > compared.unwrap_or(0.0))?;
    Some((apart / TOGETHER_MS, format!("hands apart by {apart:.0} ms")))
}

/// A beat that is early or late in its bar.
fn beat_remark(off: OffBeat) -> (f64, String) {
    let how = if off.late_ms > 0.0 { "late" } else { "early" };
    let words = format!("beat {} {how} by {:.0} ms", off.beat, off.late_ms.abs());
    (off.late_percent.abs() / OFF_PERCENT, words)
}

/// What the whole piece has, in one sentence.
fn on_the_whole([heard, compared]: &[String; 2], usual: [Option<f64>; 4]) -> String {
    let remarks = DIMENSIONS.iter().zip(usual).filter_map(|(d, usual)| Some(d.remark(usual?)?.1));
    let remarks: Vec<String> = remarks.collect();
    if remarks.is_empty() {
        return format!("On the whole {heard} is as fast and as loud as {compared}");
    }
    format!("{heard} against {compared} on the whole: {}", remarks.join(", "))
}

fn steady_words(view: &CompareView, side: usize) -> Option<String> {
    if view.versions[side] == VersionId::Deadpan {
        return None;
    }
    let percent = view.agreement.wander_percent[side]?;
    let (name, other) = (&view.names[side], &view.names[1 - side]);
    let how = match percent {
        p if p < STEADY_PERCENT => "a steady tempo",
        p if p < 2.0 * STEADY_PERCENT => "a tempo that is a little unsteady",
        _ => "an unsteady tempo",
    };
    Some(format!(
        "{name}: {how}; where {other} keeps its tempo, a beat is {percent:.0} % longer or shorter than the one before"
    ))
}

fn hands_words(view: &CompareView, side: usize) -> Option<String> {
    if view.versions[side] == VersionId::Deadpan {
        return None;
    }
    let (apart, later) = (view.agreement.hands_apart_ms[side]?, view.agreement.right_later_ms[side]?);
    let name = &view.names[side];
    if apart < TOGETHER_MS {
        return Some(format!("{name}: the hands are together ({apart:.0} ms apart)"));
    }
    let first = if later.abs() < apart / 2.0 {
        "now the one, now the other first"
    } else if later > 0.0 {
        "the left one first"
    } else {
        "the right one first"
    };
    Some(format!("{name}: hands apart by {apart:.0} ms, {first}"))
}

/// How many slips of each kind there are; nothing if there are none.
fn slips_words(name: &str, slips: &[SlipView]) -> Option<String> {
    let count = |kind: SlipKind| slips.iter().filter(|slip| slip.kind == kind).count();
    let counts = SlipKind::ALL.map(|kind| (kind, count(kind)));
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| several(kind, count))
        .collect();
    (!said.is_empty()).then(|| format!("{name}: {}", said.join(", ")))
}

/// So many slips of a kind.
fn several(kind: SlipKind, count: usize) -> String {
    match kind {
        SlipKind::Wrong => counted(count, "wrong key", "wrong keys"),
        SlipKind::Missed => counted(count, "note missed", "notes missed"),
        SlipKind::Extra => counted(count, "note that is not written", "notes that are not written"),
        SlipKind::Hesitation => counted(count, "hesitation", "hesitations"),
    }
}

/// What there is to say of the slips of both versions, for each bar of the first. Those of the second are said with its
/// name.
fn slips_of_bars(
    view: &CompareView,
    [heard, compared]: [&Played; 2],
    slips: [&[SlipView]; 2],
) -> Vec<Vec<String>> {
    let same = |k: usize| places::bar_in(&heard.written, &compared.written, k);
    let of_bar = |k: usize| {
        let own = said(&slips_in(heard, slips[0], Some(k)));
        let other = said(&slips_in(compared, slips[1], same(k)));
        let other = other.into_iter().map(|words| format!("{}: {words}", view.names[1]));
        own.into_iter().chain(other).collect()
    };
    (0..view.bars.len()).map(of_bar).collect()
}

/// The slips of a version that are heard in a bar of its score.
fn slips_in<'a>(played: &Played, slips: &'a [SlipView], bar: Option<usize>) -> Vec<&'a SlipView> {
    let measures = &played.score().measures;
    let Some(measure) = bar.and_then(|bar| measures.get(bar)) else { return Vec::new() };
    let is_first = bar == Some(0);
    let is_last = bar == measures.len().checked_sub(1);
    let (from, to) = (measure.start.to_f64(), measure.end.to_f64());
    let is_inside =
        |slip: &&SlipView| (is_first || slip.heard_quarters >= from) && (is_last || slip.heard_quarters < to);
    slips.iter().filter(is_inside).collect()
}

/// Some slips in words, each by itself unless there are many of its kind.
fn said(slips: &[&SlipView]) -> Vec<String> {
    let of_kind = |kind: SlipKind| {
        let found: Vec<&&SlipView> = slips.iter().filter(|slip| slip.kind == kind).collect();
        match found.len() {
            0..=MOST_SLIPS => found.iter().map(|slip| slip.words.clone()).collect(),
            count => vec![several(kind, count)],
        }
    };
    SlipKind::ALL.into_iter().flat_map(of_kind).collect()
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
