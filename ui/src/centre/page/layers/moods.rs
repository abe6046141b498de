//! Brackets over the bars of moods, with their words.

use std::collections::BTreeSet;

use protocol::{Bars, LayerInk, LayerShape, LegendLine, MoodSpan, MoodView, ScoreView, VersionId};

use super::places::{Part, Place, bars, rounded};
use crate::centre::page::repeats::Chosen;
use crate::centre::page::sheet::Sheet;
use crate::{Model, words};

/// Room for the brackets, in staff spaces.
pub(super) const ROOM: f32 = 3.4;
/// How high above its system a bracket is, and how far its ends reach down.
const LINE: f32 = 1.1;
const ENDS: f32 = 0.7;
/// Middle of the words above the system.
const WORDS: f32 = 2.2;
/// Size of the words, and how wide a letter is about.
const LETTERS: f32 = 1.5;
const LETTER: f32 = 0.55 * LETTERS;
/// Thickness of the lines.
const THICK: f32 = 0.13;
/// Between two brackets and the bar line where they meet.
const INSET: f32 = 0.35;
/// Fewer letters than these say nothing.
const LEAST_LETTERS: usize = 3;

/// A mood and the bars that it holds for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bracket {
    bars: Bars,
    words: String,
}

/// What the version heard was performed with. Of a take nothing else: what is being typed is not in it.
fn mood(model: &Model) -> Option<&MoodView> {
    let is_take = matches!(model.listening().map(|version| version.id), Some(VersionId::Take(_)));
    model.mood_heard().or(model.mood.as_ref().filter(|_| !is_take))
}

/// The brackets of the piece. Where the passes of a repeat have different moods, each says of which pass it is: the
/// page shows one of them.
pub(super) fn brackets(model: &Model) -> Vec<Bracket> {
    let spans = mood(model).map_or(&[][..], |mood| &mood.spans[..]);
    let words = |span: &MoodSpan| match pass(&model.score, &span.bars) {
        Some(pass) if !words::is_in_other_passes(&model.score, spans, span) => {
            format!("{} (pass {pass})", span.text)
        }
        _ => span.text.clone(),
    };
    let bracket = |span: &MoodSpan| Bracket { bars: span.bars.clone(), words: words(span) };
    spans.iter().filter(|span| !span.bars.is_empty()).map(bracket).collect()
}

/// The pass that all of some bars are of, if they are played more than once.
fn pass(score: &ScoreView, bars: &Bars) -> Option<u8> {
    let measures = score.measures.get(bars.clone())?;
    let pass = measures.first()?.pass;
    measures.iter().all(|m| m.pass == pass && words::is_repeated(score, m)).then_some(pass)
}

/// What the brackets mean.
pub(super) fn legend(model: &Model) -> LegendLine {
    let words = if model.mood_heard().is_some() {
        "mood: this version was performed with it"
    } else {
        "mood: as it is typed now"
    };
    let points = vec![(0.3, 1.5), (0.3, 0.8), (3.7, 0.8), (3.7, 1.5)];
    let shapes = vec![LayerShape::Line { points, width: THICK, ink: LayerInk::Mood }];
    LegendLine::Shapes { shapes, words: words.to_owned() }
}

/// The words of brackets of which nothing is on the page, each once, in order of the music.
pub(super) fn left_out(brackets: &[Bracket], (sheet, chosen): (&Sheet, &Chosen)) -> Vec<String> {
    let systems = 0..sheet.systems().len();
    let drawn: BTreeSet<usize> =
        systems.flat_map(|system| bars(Part { sheet, system, chosen })).map(|place| place.bar).collect();
    let mut left_out: Vec<String> = Vec::new();
    for Bracket { bars, words } in brackets {
        if drawn.range(bars.clone()).next().is_none() && !left_out.contains(words) {
            left_out.push(words.clone());
        }
    }
    left_out
}

/// The parts of brackets that are in a system. An end reaches down where its mood begins or ends there; what goes on
/// from the system before has its words in brackets.
pub(super) fn draw(brackets: &[Bracket], part: Part<'_>, shapes: &mut Vec<LayerShape>) {
    let places = bars(part);
    for Bracket { bars: span, words } in brackets {
        let inside: Vec<Place> = places.iter().filter(|place| span.contains(&place.bar)).copied().collect();
        // Bars that stand apart have a bracket each; one that a sign cuts has one.
        for run in inside.chunk_by(|a, b| a.bar == b.bar || a.bar + 1 == b.bar) {
            let [first, last] = [run[0], run[run.len() - 1]];
            let begins = first.bar == span.start;
            let ends = last.bar + 1 == span.end;
            draw_part((first.left, last.right), [begins, ends], words, shapes);
        }
    }
}

fn draw_part(
    (left, right): (f32, f32),
    [begins, ends]: [bool; 2],
    words: &str,
    shapes: &mut Vec<LayerShape>,
) {
    let (left, right) = (rounded(left + INSET), rounded(right - INSET));
    let mut points = vec![(left, -LINE), (right, -LINE)];
    if begins {
        points.insert(0, (left, rounded(ENDS - LINE)));
    }
    if ends {
        points.push((right, rounded(ENDS - LINE)));
    }
    shapes.push(LayerShape::Line { points, width: THICK, ink: LayerInk::Mood });
    let words = if begins { words.to_owned() } else { format!("({words})") };
    let most = ((right - left) / LETTER).max(0.0) as usize;
    if most >= LEAST_LETTERS {
        let text = words::shortened(&words, most);
        shapes.push(LayerShape::Text { at: (left, -WORDS), size: LETTERS, text, ink: LayerInk::Mood });
    }
}
