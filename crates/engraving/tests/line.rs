//! An endless system comes in parts that join without a gap.
#![allow(clippy::unwrap_used)]

mod common;

use common::{BOTH, assert_is_drawn, missing, our_scores, read};
use engraving::{Engraver, System};
use notation::Score;

const SCALE: f32 = 8.0;

fn line(score: &Score) -> Vec<System> {
    let mut parts: Vec<System> = Vec::new();
    let ready = |number: usize, part| {
        parts.truncate(number);
        parts.push(part);
    };
    Engraver::new(score).unwrap().line(|| false, ready).unwrap();
    parts
}

#[test]
fn every_note_is_there_once_in_the_parts() {
    for (name, bytes) in our_scores() {
        for unfold in BOTH {
            let score = read(&name, &bytes, unfold);
            let parts = line(&score);
            assert_eq!(missing(&score, &parts), Vec::<String>::new(), "{name}");
            for part in &parts {
                assert_is_drawn(&name, part, SCALE);
            }
        }
    }
}

#[test]
fn parts_have_one_height_and_are_as_wide_as_their_measures() {
    let (name, bytes) = our_scores().remove(0);
    let parts = line(&read(&name, &bytes, notation::Unfold::Maximal));
    assert!(parts.len() > 2, "{} parts", parts.len());
    let (first, last) = (&parts[0].layout, parts.len() - 1);
    for (k, layout) in parts.iter().map(|part| &part.layout).enumerate() {
        let heights = |l: &engraving::Layout| [l.height, l.staves_top, l.staves_bottom];
        assert_eq!(heights(layout), heights(first));
        let (left, right) = (layout.measures[0].left, layout.measures[layout.measures.len() - 1].right);
        assert!(k == 0 || left.abs() <= 0.13, "part {k} begins with a measure: {left}");
        assert!(k == last || (right - layout.width).abs() <= 0.13, "part {k} ends with one: {right}");
        assert!(k == last || (48.0..200.0).contains(&layout.width), "{}", layout.width);
    }
}

#[test]
fn outlines_of_a_part_are_those_that_reach_into_it() {
    let (name, bytes) = our_scores().remove(0);
    for part in line(&read(&name, &bytes, notation::Unfold::Maximal)) {
        let (layout, outlines) = (&part.layout, part.outlines().unwrap());
        for outline in &outlines {
            let half = outline.line.as_ref().map_or(0.0, |line| line.width / 2.0);
            let [left, _, right, _] = outline.bounds;
            assert!(right + half >= 0.0 && left - half <= layout.width, "{outline:?}");
        }
        for head in &layout.heads {
            let is_there = outlines.iter().any(|outline| {
                let [left, top, right, bottom] = outline.bounds;
                let middle = (top + bottom) / 2.0;
                outline.is_filled
                    && (left - head.left).abs() < 0.3
                    && (right - head.right).abs() < 0.3
                    && (head.top..=head.bottom).contains(&middle)
            });
            assert!(is_there, "{head:?}");
        }
    }
}

#[test]
fn staff_lines_go_on_over_the_joins() {
    let (name, bytes) = our_scores().remove(0);
    let parts = line(&read(&name, &bytes, notation::Unfold::Maximal));
    for scale in [SCALE, 9.75] {
        let mut columns = 0;
        for (k, part) in parts.iter().enumerate() {
            let ink = part.draw(scale).unwrap();
            columns += ink.width;
            let row = (part.layout.staves_bottom * scale) as usize;
            // The line may lie between two rows.
            let has_ink = |x: usize| {
                (row.saturating_sub(1)..=row + 1).any(|y| ink.coverage[y * ink.width as usize + x] > 40)
            };
            assert!(k == 0 || has_ink(0), "part {k} begins with its lines");
            assert!(k + 1 == parts.len() || has_ink(ink.width as usize - 1), "part {k} ends with them");
        }
        let width: f32 = parts.iter().map(|part| part.layout.width).sum();
        assert!((columns as f32 - width * scale).abs() <= 1.0, "{columns} columns of {}", width * scale);
    }
}
