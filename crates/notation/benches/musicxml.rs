//! Speed of the MusicXML importer on one thread: over the reference corpus when it is there
//! (unpacked beforehand), else over a score made up here.
//!
//! `cargo bench -p notation --bench musicxml` prints bytes per second.
#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use notation::{ImportOptions, Unfold, read_score};

static FILES: LazyLock<Vec<(String, Vec<u8>)>> =
    LazyLock::new(|| common::corpus().unwrap_or_else(|| vec![("made up".to_owned(), made_up())]));

/// 2,000 measures of sixteenths.
fn made_up() -> Vec<u8> {
    let note = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration>\
                <voice>1</voice><type>16th</type><stem>up</stem><beam number=\"1\">begin</beam></note>";
    let measure =
        format!("<measure><attributes><divisions>4</divisions></attributes>{}</measure>", note.repeat(16));
    format!("<score-partwise><part id=\"P1\">{}</part></score-partwise>", measure.repeat(2_000)).into_bytes()
}

fn corpus(bencher: Bencher<'_, '_>, unfold: Unfold) {
    let options = ImportOptions { unfold, ..ImportOptions::default() };
    let total: usize = FILES.iter().map(|(_, bytes)| bytes.len()).sum();
    bencher.counter(BytesCount::new(total)).bench_local(|| {
        let read = FILES.iter().map(|(name, bytes)| read_score(name, bytes, &options).unwrap().notes.len());
        divan::black_box(read.sum::<usize>())
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn maximal(bencher: Bencher<'_, '_>) {
    corpus(bencher, Unfold::Maximal);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn as_written(bencher: Bencher<'_, '_>) {
    corpus(bencher, Unfold::AsWritten);
}

fn main() {
    divan::main();
}
