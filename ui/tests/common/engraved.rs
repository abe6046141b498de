//! A page of the invented piece, as the studio would engrave it.

use protocol::limits::ENDLESS_SPACES;
use protocol::{DrawnSystem, EngravedHead, EngravedMeasure, EngravedPass, PageView, ScoreView, SystemView};

/// Bars in a system of [`page`].
pub const BARS_IN_SYSTEM: usize = 2;

/// Width of the parts of an endless [`page`], in staff spaces.
pub const PART_SPACES: f32 = 60.0;

/// The bars of each printed measure, by their numbers, in the order of the page.
fn printed(score: &ScoreView) -> Vec<Vec<u32>> {
    let mut printed: Vec<(&str, Vec<u32>)> = Vec::new();
    for (bar, measure) in (0..).zip(&score.measures) {
        match printed.iter_mut().find(|known| known.0 == measure.number) {
            Some(known) => known.1.push(bar),
            None => printed.push((&measure.number, vec![bar])),
        }
    }
    printed.into_iter().map(|known| known.1).collect()
}

/// A page as the shell would tell it, with two measures in a system, or in a part of an endless one. The middle of
/// a head is two spaces into its measure, and further by its share of what is left but for two spaces at the end.
pub fn page(score: &ScoreView, width_spaces: f32) -> PageView {
    if width_spaces == ENDLESS_SPACES {
        return PageView { width_spaces, ..page(score, PART_SPACES) };
    }
    let bar_width = width_spaces / BARS_IN_SYSTEM as f32;
    let printed = printed(score);
    let systems = printed.chunks(BARS_IN_SYSTEM).map(|bars| {
        let measures = bars.iter().enumerate().map(|(k, bars)| EngravedMeasure {
            passes: bars.iter().map(|bar| pass(score, *bar)).collect(),
            length_quarters: 4.0,
            left: k as f32 * bar_width,
            right: (k + 1) as f32 * bar_width,
        });
        let heads = bars.iter().enumerate().flat_map(|(k, bars)| heads(score, bars, k as f32, bar_width));
        SystemView {
            width: width_spaces,
            height: 14.0,
            staves_top: 3.0,
            staves_bottom: 11.0,
            measures: measures.collect(),
            heads: heads.collect(),
        }
    });
    let systems = systems.collect();
    PageView { score: score.id, width_spaces, systems, is_complete: true, problem: None }
}

fn pass(score: &ScoreView, bar: u32) -> EngravedPass {
    EngravedPass { measure: bar, start_quarters: score.measures[bar as usize].start_quarters }
}

/// The heads of a measure that is played as these bars.
fn heads(score: &ScoreView, bars: &[u32], place: f32, bar_width: f32) -> Vec<EngravedHead> {
    let notes_of = |bar: u32| {
        let notes = (0u32..).zip(&score.notes).filter(move |(_, note)| note.measure == bar);
        notes.map(|(number, _)| number).collect::<Vec<_>>()
    };
    let passes: Vec<Vec<u32>> = bars.iter().map(|bar| notes_of(*bar)).collect();
    let bar = &score.measures[bars[0] as usize];
    let head = |k: usize| {
        let notes: Vec<u32> = passes.iter().map(|notes| notes[k]).collect();
        let note = &score.notes[notes[0] as usize];
        let share = (note.onset_quarters - bar.start_quarters) / (bar.end_quarters - bar.start_quarters);
        let into = 2.0 + share as f32 * (bar_width - 4.0) - if note.is_grace { 1.2 } else { 0.0 };
        let middle = place * bar_width + into;
        let y = 2.0 + (84.0 - f32::from(note.pitch)) * 0.2;
        let (left, right) = (middle - 0.6, middle + 0.6);
        EngravedHead { notes, left, top: y - 0.45, right, bottom: y + 0.45, is_tied_on: false }
    };
    (0..passes[0].len()).map(head).collect()
}

/// A picture of a system of a page: a full box for each head, and the lines of two staves.
pub fn drawn(page: &PageView, system: u32, pixels_per_space: f32) -> DrawnSystem {
    use base64::Engine as _;
    let place = &page.systems[system as usize];
    let pixels = |spaces: f32| (spaces * pixels_per_space).round() as usize;
    let (width, height) = (pixels(place.width).max(1), pixels(place.height).max(1));
    let mut ink = vec![0u8; width * height];
    for line in
        (0..5).flat_map(|k| [place.staves_top + k as f32 * 0.75, place.staves_bottom - k as f32 * 0.75])
    {
        let row = pixels(line).min(height - 1);
        ink[row * width..(row + 1) * width].fill(120);
    }
    for head in &place.heads {
        for row in pixels(head.top)..pixels(head.bottom).min(height) {
            let (from, to) = (pixels(head.left).min(width), pixels(head.right).min(width));
            ink[row * width + from..row * width + to].fill(255);
        }
    }
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&ink).unwrap();
    writer.finish().unwrap();
    let ink_png = base64::engine::general_purpose::STANDARD.encode(&png);
    let PageView { score, width_spaces, .. } = *page;
    DrawnSystem { score, width_spaces, system, pixels_per_space, ink_png }
}
