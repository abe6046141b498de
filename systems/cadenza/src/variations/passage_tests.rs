#![allow(clippy::unwrap_used)]

use std::path::Path;

use notation::ImportOptions;

use super::*;
use crate::composer::written;
use crate::pertok::{Music, PerTok, Token};

fn score(name: &str) -> Score {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    notation::read_score(name, &std::fs::read(path).unwrap(), &ImportOptions::default()).unwrap()
}

/// The tokenizer, which is that of MidiTok, tells the same.
#[test]
fn the_passage_is_told_as_the_tokenizer_tells_it() {
    let pertok = PerTok::new(written()).unwrap();
    let end = u32::from(pertok.vocabulary().id(Token::End).unwrap());
    let words = Words::of(&pertok, end);
    let mut compared = 0;
    for name in
        ["petzold_minuet_g.musicxml", "bach_prelude_c_bwv846.musicxml", "chopin_prelude_op28_7.musicxml"]
    {
        let score = score(name);
        for first in 0..score.measures.len() - 2 {
            let Some(mut music) = Music::of_measures(&score, first..first + 2, 480, 64) else { continue };
            music.notes.sort_unstable();
            if music
                .notes
                .windows(2)
                .any(|w| (w[0].onset_ticks, w[0].pitch) == (w[1].onset_ticks, w[1].pitch))
            {
                continue;
            }
            let passage = Passage::of(&score, first..first + 2, &words).unwrap();
            let said = passage.words(&words);
            let ids: Vec<u16> = said.iter().map(|word| words.id(*word).unwrap() as u16).collect();
            let names = |ids: &[u16]| ids.iter().map(|id| pertok.vocabulary().name(*id).unwrap()).collect();
            let (told, expected): (Vec<String>, Vec<String>) =
                (names(&ids), names(&pertok.encode(&music).unwrap()));
            // Notes that last beyond the passage end with it here.
            let is_cut =
                music.notes.iter().any(|note| note.onset_ticks + note.duration_ticks > passage.at(2, 0));
            if !is_cut && expected.iter().any(|name| name == "Bar_None") {
                assert_eq!(told, expected, "{name}, measure {first}");
                compared += 1;
            }
        }
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn a_pick_up_is_the_end_of_its_bar() {
    let pertok = PerTok::new(written()).unwrap();
    let words = Words::of(&pertok, u32::MAX);
    let passage = Passage::of(&score("chopin_prelude_op28_7.musicxml"), 0..2, &words).unwrap();
    let [first, second] = &passage.bars[..] else { panic!("two bars") };
    assert_eq!((first.from, first.until), (960, 1440));
    assert_eq!((second.from, second.before), (0, 480));
    assert_eq!(first.notes[0].place, 960);
    assert_eq!(passage.at(0, 960), 0);
}
