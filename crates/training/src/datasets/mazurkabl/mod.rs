//! MazurkaBL: recordings of Chopin's mazurkas, times and loudness of every beat, read from a
//! checkout of the published set.
//!
//! A checkout has one table for each mazurka, such as `M06-1`, in each of the folders `beat_time`,
//! `beat_dyn` and `markings`, the scores in `xml_scores` (`mazurka06-1.xml`), and a list of all
//! recordings, `mazurka-discography.txt`.

mod build;
mod checks;
mod discography;
mod markings;
mod read;
mod tables;

pub use build::{Built, build};
pub use read::{Beat, Beats, Mazurka, Recorded, from_container, load};
