//! Bars selected in the ruler, as a hand does it.

use std::ops::Range;

use notation::Score;
use protocol::Command;

use crate::window::Window;
use crate::words::{State, Words};

/// Drags over bars in the ruler, which shows bars of one length; `score` is the one that is heard.
pub fn select(window: &Window, words: &Words, score: &Score, bars: &Range<usize>) {
    let measure = |index: usize| &score.measures[index];
    let ruler = window.find("Ruler");
    let y = ruler.rect[1] + 10.0;
    // A click seeks: two of them tell where the ruler has which quarter.
    let places = [0.25, 0.75].map(|share| ruler.rect[0] + ruler.rect[2] * share);
    let quarters = places.map(|x| seeks(window, words, x, y));
    let scale = (places[1] - places[0]) / (quarters[1] - quarters[0]);
    let x = |q: f64| places[0] + (q - quarters[0]) * scale;
    let start = measure(bars.start).start.to_f64() + 0.5;
    let end = measure(bars.end - 1).end.to_f64() - 0.5;
    window.drag(&[(x(start), y), (x((start + end) / 2.0), y), (x(end), y)]);
}

/// Clicks into the ruler; the place in the score that this goes to.
fn seeks(window: &Window, words: &Words, x: f64, y: f64) -> f64 {
    let places = |s: &State| -> Vec<f64> {
        let seek = |c: &Command| if let Command::SeekQuarters(place) = c { Some(*place) } else { None };
        s.commands.iter().filter_map(seek).collect()
    };
    let before = places(&words.state()).len();
    window.click_at(x, y);
    let place = words.wait("a seek", |s| places(s).get(before).copied());
    // Two clicks in quick succession would be a double click.
    std::thread::sleep(std::time::Duration::from_millis(600));
    place
}
