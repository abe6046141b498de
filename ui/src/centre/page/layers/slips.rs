//! Where a recording is not what is on the page: wrong keys, notes that were missed, notes besides, and hesitations.
//!
//! Each kind has a shape of its own beside its colour: a frame and a triangle towards the key that was meant, a cross, a
//! plus, and the two bars of a pause.

use protocol::{LayerInk, LayerShape, LegendLine, ScoreView, SlipKind, SlipView, VersionId};

use super::places::{Part, first_heads, rounded, stretches};
use crate::Model;
use crate::centre::slip_marks::{SlipMarks, ink};

/// How far a mark reaches over its head.
const OVER: f32 = 0.25;
/// Half the size of the mark of a note that has no head.
const SIZE: f32 = 0.4;
/// Thickness of the lines.
const THICK: f32 = 0.18;
/// A semitone on a staff, in staff spaces: seven steps of half a space to an octave.
const SEMITONE: f32 = 3.5 / 12.0;
/// A pause: how far before its chord and above the staff its middle is, half its height, and where its bars are.
const PAUSE_BEFORE: f32 = 1.2;
const PAUSE_ABOVE: f32 = 1.4;
const PAUSE_HEIGHT: f32 = 0.65;
const PAUSE_BARS: f32 = 0.22;
const PAUSE_THICK: f32 = 0.24;
/// Size of the letters beside it, and how far they are from it.
const LETTERS: f32 = 1.2;
const LETTERS_BESIDE: f32 = 0.5;
/// How wide they are, about.
const LETTERS_WIDE: f32 = 3.5;
/// Between a pause with its letters and heads, and how much higher it stands at most to be out of their way.
const PAUSE_CLEAR: f32 = 0.5;
const PAUSE_RAISED: f32 = 6.0;

/// What a recording does not play as written, as far as it is marked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Slips {
    /// Whether a recording has none at all.
    is_clean: bool,
    slips: Vec<SlipView>,
}

/// Where a mark is, in staff spaces from the corner of its system, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::centre::page) struct Mark {
    /// Left, top, right and bottom.
    pub edges: [f32; 4],
    /// In words.
    pub words: String,
}

impl Slips {
    /// Those of the version heard.
    pub fn new(model: &Model, marked: SlipMarks) -> Self {
        let Some(version) = model.listening() else { return Self::default() };
        let is_recording = matches!(version.id, VersionId::Recording(_));
        let slips = version.slips.iter().filter(|slip| marked.has(slip.kind));
        Self { is_clean: is_recording && version.slips.is_empty(), slips: slips.cloned().collect() }
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.slips.is_empty()
    }

    /// Whether the version is a recording without any slip.
    pub fn is_clean(&self) -> bool {
        self.is_clean
    }

    /// What the marks mean, for each kind that there is.
    pub fn legend(&self) -> Vec<LegendLine> {
        let edges = [1.4, 0.5, 2.6, 1.5];
        let line = |kind: SlipKind| {
            let (shapes, words) = match kind {
                SlipKind::Wrong => (vec![frame(edges)], "another key was struck"),
                SlipKind::Missed => (cross(edges).to_vec(), "not played"),
                SlipKind::Extra => (plus((2.0, 1.0)).to_vec(), "played, but not on the page"),
                SlipKind::Hesitation => (pause((2.0, 1.0)).to_vec(), "waited longer than the beat"),
            };
            LegendLine::Shapes { shapes, words: words.to_owned() }
        };
        let is_there = |kind: &SlipKind| self.slips.iter().any(|slip| slip.kind == *kind);
        SlipKind::ALL.into_iter().filter(is_there).map(line).collect()
    }

    /// Marks what is in a system; where the marks are comes with what they say.
    pub fn draw(&self, score: &ScoreView, part: Part<'_>, shapes: &mut Vec<LayerShape>) -> Vec<Mark> {
        if self.slips.is_empty() {
            return Vec::new();
        }
        let mut marks = Vec::new();
        let mut add =
            |edges: [f32; 4], slip: &SlipView| marks.push(Mark { edges, words: slip.words.clone() });
        for (note, head) in first_heads(part) {
            let edges = [head.left - OVER, head.top - OVER, head.right + OVER, head.bottom + OVER];
            for slip in self.slips.iter().filter(|slip| slip.note == Some(note)) {
                match slip.kind {
                    SlipKind::Missed => shapes.extend(cross(edges)),
                    _ => shapes.push(frame(edges)),
                }
                add(edges, slip);
            }
        }
        let spans = stretches(part);
        let last = (score.end_quarters - 1e-3).max(0.0);
        for slip in &self.slips {
            // What is played before the first bar or after the last is shown at its edge.
            let quarters = slip.heard_quarters.min(last).max(0.0);
            if !spans.iter().any(|span| span.0 <= quarters && quarters < span.1) {
                continue;
            }
            match (slip.kind, slip.pitch) {
                (SlipKind::Missed, _) => {}
                (SlipKind::Hesitation, _) => {
                    let Some(at) = before(part, quarters) else { continue };
                    shapes.extend(pause(at));
                    shapes.extend(slip.excess_secs.map(|secs| seconds(at, secs)));
                    add([at.0 - SIZE, at.1 - PAUSE_HEIGHT, at.0 + SIZE, at.1 + PAUSE_HEIGHT], slip);
                }
                (kind, Some(pitch)) => {
                    let Some(at) = spot(score, part, quarters, pitch) else { continue };
                    let meant = slip.note.and_then(|note| score.notes.get(note as usize));
                    match meant.filter(|_| kind == SlipKind::Wrong) {
                        Some(meant) => shapes.push(triangle(at, meant.pitch > pitch)),
                        None => shapes.extend(plus(at)),
                    }
                    add([at.0 - SIZE, at.1 - SIZE, at.0 + SIZE, at.1 + SIZE], slip);
                }
                (_, None) => {}
            }
        }
        marks
    }
}

/// Where a pause before a chord stands: above the staves, a little to the left of it, and above the heads that are
/// there.
fn before(part: Part<'_>, quarters: f64) -> Option<(f32, f32)> {
    let (x, view) = (part.sheet.x_of(quarters)? - PAUSE_BEFORE, part.view()?);
    let usual = view.staves_top - PAUSE_ABOVE;
    let (left, right) = (x - PAUSE_BARS - PAUSE_CLEAR, x + LETTERS_BESIDE + LETTERS_WIDE);
    let in_the_way = view.heads.iter().filter(|head| left <= head.right && head.left <= right);
    let highest = in_the_way.map(|head| head.top).fold(f32::INFINITY, f32::min);
    let above_heads = highest - PAUSE_HEIGHT - PAUSE_CLEAR;
    Some((x, usual.min(above_heads).max(usual - PAUSE_RAISED)))
}

/// Where a note without a head would stand: as much higher or lower than the head that is nearest in pitch, then in
/// place, as it is in pitch.
fn spot(score: &ScoreView, part: Part<'_>, quarters: f64, pitch: u8) -> Option<(f32, f32)> {
    let x = part.sheet.x_of(quarters)?;
    let distance = |(note, head): (u32, &protocol::EngravedHead)| {
        let own = score.notes.get(note as usize)?.pitch;
        let (middle, height) = ((head.left + head.right) / 2.0, (head.top + head.bottom) / 2.0);
        Some((own, (middle - x).abs(), height))
    };
    let heads = first_heads(part).filter_map(distance);
    let nearer = |a: &(u8, f32, f32), b: &(u8, f32, f32)| {
        a.0.abs_diff(pitch).cmp(&b.0.abs_diff(pitch)).then(a.1.total_cmp(&b.1))
    };
    let (own, _, height) = heads.min_by(nearer)?;
    Some((x, height - (f32::from(pitch) - f32::from(own)) * SEMITONE))
}

fn line(points: &[(f32, f32)], width: f32, kind: SlipKind) -> LayerShape {
    let points = points.iter().map(|(x, y)| (rounded(*x), rounded(*y))).collect();
    LayerShape::Line { points, width, ink: ink(kind) }
}

fn cross([left, top, right, bottom]: [f32; 4]) -> [LayerShape; 2] {
    let of = |points: [(f32, f32); 2]| line(&points, THICK, SlipKind::Missed);
    [of([(left, top), (right, bottom)]), of([(left, bottom), (right, top)])]
}

fn frame([left, top, right, bottom]: [f32; 4]) -> LayerShape {
    let points = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    line(&points, THICK, SlipKind::Wrong)
}

fn plus((x, y): (f32, f32)) -> [LayerShape; 2] {
    let of = |points: [(f32, f32); 2]| line(&points, THICK, SlipKind::Extra);
    [of([(x - SIZE, y), (x + SIZE, y)]), of([(x, y - SIZE), (x, y + SIZE)])]
}

/// A triangle that points up or down.
fn triangle((x, y): (f32, f32), is_up: bool) -> LayerShape {
    let tip = if is_up { -SIZE } else { SIZE };
    let points = [(x - SIZE, y - tip), (x, y + tip), (x + SIZE, y - tip)];
    let points = points.map(|(x, y)| (rounded(x), rounded(y))).to_vec();
    LayerShape::Area { points, ink: LayerInk::Wrong }
}

/// Two upright bars.
fn pause((x, y): (f32, f32)) -> [LayerShape; 2] {
    [x - PAUSE_BARS, x + PAUSE_BARS]
        .map(|x| line(&[(x, y - PAUSE_HEIGHT), (x, y + PAUSE_HEIGHT)], PAUSE_THICK, SlipKind::Hesitation))
}

/// How long a hesitation is, beside its sign: there are no tooltips on paper.
fn seconds((x, y): (f32, f32), secs: f64) -> LayerShape {
    let at = (rounded(x + LETTERS_BESIDE), rounded(y));
    LayerShape::Text { at, size: LETTERS, text: format!("{secs:.1} s"), ink: LayerInk::Hesitation }
}
