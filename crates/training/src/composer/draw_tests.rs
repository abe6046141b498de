#![allow(clippy::unwrap_used)]

use cadenza::composer::{Bar, written};

use super::super::packed::Source;
use super::*;

/// Runs of bars with some quarters each; every third bar is empty.
fn segments(longest: usize) -> Segments {
    let pertok = PerTok::new(written()).unwrap();
    let id = |token| pertok.vocabulary().id(token).unwrap();
    let metre = id(Token::TimeSignature(notation::TimeSignature::default()));
    let note = |pitch: u8| [id(Token::Pitch(pitch)), id(Token::Duration(480))];
    let bar = |k: usize| {
        let notes = if k.is_multiple_of(3) { 0 } else { k % 5 + 1 };
        let tokens = (0..notes).flat_map(|n| note((50 + 3 * n + k) as u8)).collect();
        Bar { metre, tokens }
    };
    let mut packed = Packed::new();
    packed.push(&(0..10).map(bar).collect::<Vec<_>>(), Source::Asap);
    packed.push(&(20..40).map(bar).collect::<Vec<_>>(), Source::Pop909);
    Segments::new(packed, pertok, longest).unwrap()
}

#[test]
fn a_batch_is_that_of_its_seed_and_step() {
    let segments = segments(100);
    assert_eq!(segments.bars(), 6 + 13);
    let batch = segments.draw(5, 11, 6, 0.3);
    assert_eq!(batch, segments.draw(5, 11, 6, 0.3));
    assert_ne!(batch, segments.draw(5, 12, 6, 0.3));
    assert_ne!(batch, segments.draw(6, 11, 6, 0.3));
    assert_eq!((batch.batch, batch.lengths.len()), (6, 6));
}

#[test]
fn rows_begin_end_and_hide_as_they_should() {
    let segments = segments(100);
    let Special { pad, begin, end, mask } = segments.special;
    let (mut hidden, mut all) = (0, 0);
    for step in 0..64 {
        let batch = segments.draw(1, step, 4, 0.3);
        let rows = batch.read.chunks(batch.width).zip(batch.before.chunks(batch.width));
        for ((read, before), (next, length)) in rows.zip(batch.next.chunks(batch.width).zip(&batch.lengths)) {
            assert_eq!((read[0], before[0], next[length - 1]), (begin, begin, end));
            assert_eq!(read[1..*length], next[..length - 1]);
            assert!([read, before, next].iter().all(|row| row[*length..].iter().all(|token| *token == pad)));
            let pairs = || read[1..*length].iter().zip(&before[1..*length]);
            assert!(pairs().all(|(read, before)| read == before || *before == mask));
            hidden += pairs().filter(|(read, before)| read != before).count();
            all += length - 1;
        }
        assert!(batch.lengths.contains(&batch.width));
    }
    let share = f64::from(hidden as u32) / f64::from(all as u32);
    assert!((share - 0.3).abs() < 0.04, "{share}");
}

#[test]
fn segments_are_transposed_by_what_they_may_be_and_none_is_too_long() {
    let longest = 14;
    let segments = segments(longest);
    let mut lowest = std::collections::BTreeSet::new();
    for step in 0..200 {
        let batch = segments.draw(3, step, 4, 0.0);
        assert!(batch.lengths.iter().all(|length| (3..=longest + 1).contains(length)));
        let pitch = |id: &&u32| (segments.pitches.0..=segments.pitches.1).contains(*id);
        lowest.extend(batch.read.iter().find(pitch).copied());
    }
    // The first notes of bars are 51 to 89; MIDI pitches have the numbers from 5 on, the lowest is 21.
    let number = |pitch: u32| pitch - 21 + 5;
    assert!(lowest.first().unwrap() >= &number(51 - 6) && lowest.last().unwrap() <= &number(89 + 5));
    assert!(lowest.len() > 20, "{lowest:?}");
}

#[test]
fn bars_without_notes_are_nothing_to_draw_from() {
    let pertok = PerTok::new(written()).unwrap();
    assert!(Segments::new(Packed::new(), pertok, 100).is_err());
}
