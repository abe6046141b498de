//! The centre of the face: ruler, keyboard, piano roll, lanes, the compare view.

#![allow(clippy::unwrap_used)]

mod common;

#[path = "centre/axis.rs"]
mod axis;
#[path = "centre/bench.rs"]
mod bench;
#[path = "centre/compare.rs"]
mod compare;
#[path = "centre/gestures.rs"]
mod gestures;
#[path = "centre/lanes.rs"]
mod lanes;
#[path = "centre/layers.rs"]
mod layers;
#[path = "centre/moods.rs"]
mod moods;
#[path = "centre/page.rs"]
mod page;
#[path = "centre/page_line.rs"]
mod page_line;
#[path = "centre/page_pictures.rs"]
mod page_pictures;
#[path = "centre/page_repeats.rs"]
mod page_repeats;
#[path = "centre/page_view.rs"]
mod page_view;
#[path = "centre/pictures.rs"]
mod pictures;
#[path = "centre/roll.rs"]
mod roll;
#[path = "centre/ruler.rs"]
mod ruler;
#[path = "centre/scores.rs"]
mod scores;
#[path = "centre/view.rs"]
mod view;
