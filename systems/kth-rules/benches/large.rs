//! How long a score of 100,000 notes takes from its file to a literal file and to a take; the goal is
//! 10 s for each.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use kth_rules::Rules;
use notation::{ImportOptions, Score, read_score};
use performance::deadpan;
use performance::midi::{ExportOptions, export};
use performers::{Controls, Job, Region, Request, take};

/// Notes of the score: sixteenths in 4/4.
const NOTES: usize = 100_000;

/// The score as MusicXML.
fn file() -> String {
    let mut text = String::from(
        "<score-partwise><part-list><score-part id='P1'><part-name>Piano</part-name></score-part></part-list>\
         <part id='P1'>",
    );
    for bar in 0..NOTES / 16 {
        // Writing to a string does not fail.
        let _ = write!(text, "<measure number='{}'>", bar + 1);
        if bar == 0 {
            text.push_str("<attributes><divisions>4</divisions></attributes>");
        }
        for k in 0..16 {
            let step = ["C", "D", "E", "F", "G", "A", "B"][(3 * bar + k) % 7];
            let octave = 3 + (bar + k) % 3;
            let _ = write!(
                text,
                "<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>1</duration></note>"
            );
        }
        text.push_str("</measure>");
    }
    text + "</part></score-partwise>"
}

fn read(text: &str) -> Score {
    read_score("large", text.as_bytes(), &ImportOptions::default()).expect("the score is whole")
}

fn large(criterion: &mut Criterion) {
    let text = file();
    let mut group = criterion.benchmark_group("100,000 notes");
    group.sample_size(10);
    group.bench_function("from MusicXML to a literal MIDI file", |bencher| {
        bencher.iter(|| {
            let score = read(black_box(&text));
            export(&score, &deadpan(&score), &ExportOptions::default())
        });
    });
    let (score, controls) = (read(&text), Controls::default());
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    group.bench_function("a take by the rules", |bencher| {
        bencher.iter(|| take::perform(&Rules::default(), black_box(&request), &Job::default()));
    });
    group.finish();
}

criterion_group!(benches, large);
criterion_main!(benches);
