//! The thirty-three moods that performances are labelled with, and what each does to a performance.
//!
//! The labels are those of SyMuPe (systems A.8). What they mean in playing is ours, made openly:
//! valence and arousal place each in Russell's plane (1980), and the cues say in which direction,
//! and how far in deviations between pianists of one score, a performance leans. The directions of
//! the five basic emotions are those of Juslin & Laukka (2003, *Psychological Bulletin* 129, table
//! 7) and Juslin's tables of cue utilization (Gabrielsson & Lindström 2010 sum them up):
//!
//! | | tempo | timing freedom | level | level range | articulation |
//! | --- | --- | --- | --- | --- | --- |
//! | happiness | fast | little | medium to high | little | staccato |
//! | sadness | slow | much | low | little | legato |
//! | anger | fast | little | high | much | staccato |
//! | fear | fast | much | low | much | staccato |
//! | tenderness | slow | much | low | little | legato |
//!
//! The other labels lie between these by their valence and arousal, and differ where the word says
//! so: *marching* keeps time, *heavy* is slow and loud, *dreamy* is drowned in pedal; *mysterious*,
//! between fear and tenderness, is neither short nor long.

mod labelling;
mod names;
mod table;

pub use labelling::Labelling;
pub use names::named;
pub use table::{ALL, LABELS, Label, Weights, cues_of};
