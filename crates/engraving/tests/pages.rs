//! Every note has its place on the page, and ink there.
#![allow(clippy::unwrap_used)]

mod common;

use common::{BOTH, assert_is_drawn, engrave, faults, generated, our_scores, read};
use engraving::{Engraver, EngravingError};
use notation::{Grace, Marks, Measure, Note, NoteId, Part, Quarters, Score, TimeSignature};

/// Systems of this width have four or five measures of the usual kind.
const WIDTH: f32 = 100.0;

fn assert_is_right(name: &str, score: &Score, width_spaces: f32) {
    let systems = engrave(score, width_spaces);
    assert_eq!(faults(score, &systems), Vec::<String>::new(), "{name}");
    for system in &systems {
        assert_is_drawn(name, system, 8.0);
    }
}

#[test]
fn our_scores_are_engraved() {
    for (name, bytes) in our_scores() {
        for unfold in BOTH {
            assert_is_right(&name, &read(&name, &bytes, unfold), WIDTH);
        }
    }
}

#[test]
fn what_is_repeated_stands_on_the_page_once() {
    let (mut repeated, mut names) = (0, Vec::new());
    for (name, bytes) in our_scores() {
        let score = read(&name, &bytes, notation::Unfold::Maximal);
        let systems = engrave(&score, WIDTH);
        let measures: Vec<_> = systems.iter().flat_map(|system| &system.layout.measures).collect();
        let mut heads = systems.iter().flat_map(|system| &system.layout.heads);
        let is_rising = |list: &[u32]| !list.is_empty() && list.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(heads.all(|head| is_rising(&head.notes)), "{name}");
        if bytes.windows(7).any(|part| part == b"<repeat") {
            assert!(measures.len() < score.measures.len(), "{name} has {} measures", measures.len());
            repeated += 1;
        }
        if name.starts_with("petzold") {
            assert!(measures.len() == 32 && measures.iter().all(|m| m.passes.len() == 2), "{measures:?}");
        }
        names.push(name);
    }
    assert_eq!(repeated, 3, "{names:?}");
}

/// Liszt's sixth Hungarian rhapsody has such pairs among thirty-seconds; the second note of each was not drawn.
#[test]
fn both_notes_of_a_short_tremolo_are_drawn() {
    let note = |k: u32, at: (i64, i64), duration: (i64, i64), pitch, marks| Note {
        id: NoteId { written: k, pass: 1 },
        onset: Quarters::new(at.0, at.1),
        duration: Quarters::new(duration.0, duration.1),
        pitch,
        voice: 1,
        staff: 1,
        marks,
        ..Note::default()
    };
    let (pair, plain) = (Marks::TREMOLO | Marks::TREMOLO_PAIR, Marks::empty());
    let notes = vec![
        note(0, (0, 1), (1, 4), 84, pair),
        note(1, (1, 4), (1, 4), 85, pair),
        note(2, (1, 2), (1, 8), 84, plain),
        note(3, (5, 8), (1, 8), 87, plain),
        note(4, (3, 4), (1, 4), 84, plain),
        note(5, (1, 1), (1, 1), 86, plain),
        note(6, (2, 1), (1, 1), 85, pair),
        note(7, (3, 1), (1, 1), 87, pair),
    ];
    let score = Score {
        parts: vec![Part { id: "P1".into(), name: String::new(), staves: 1 }],
        measures: vec![Measure::regular(0, TimeSignature::default())],
        notes,
        ..Score::default()
    };
    let text = notation::musicxml::write::write(&score).unwrap();
    assert_eq!((text.matches("<tuplet").count(), text.matches("type=\"stop\">3</tremolo>").count()), (0, 2));
    assert_is_right("tremolos", &score, WIDTH);
}

#[test]
fn pages_are_as_wide_as_they_should_be() {
    let (name, bytes) = our_scores().remove(0);
    let score = read(&name, &bytes, notation::Unfold::AsWritten);
    let mut last = usize::MAX;
    for width in [40.0, 80.0, 160.0] {
        let systems = engrave(&score, width);
        assert!(systems.iter().all(|system| (system.layout.width - width).abs() < 0.1));
        assert!(systems.len() < last, "{} systems", systems.len());
        last = systems.len();
        assert_eq!(faults(&score, &systems), Vec::<String>::new(), "{name} {width}");
    }
}

#[test]
fn a_page_is_the_same_each_time() {
    let (name, bytes) = our_scores().remove(2);
    let score = read(&name, &bytes, notation::Unfold::Maximal);
    let (once, again) = (engrave(&score, WIDTH), engrave(&score, WIDTH));
    assert_eq!(once.len(), again.len());
    for (once, again) in once.iter().zip(&again) {
        assert_eq!(once.layout, again.layout);
        assert_eq!(once.draw(10.0).unwrap(), again.draw(10.0).unwrap());
    }
}

#[test]
fn pages_are_made_in_several_threads() {
    let scores: Vec<_> = our_scores();
    std::thread::scope(|scope| {
        for (name, bytes) in &scores {
            scope.spawn(|| assert_is_right(name, &read(name, bytes, notation::Unfold::Maximal), WIDTH));
        }
    });
}

#[test]
fn outlines_are_where_the_ink_is() {
    let (name, bytes) = our_scores().remove(0);
    for system in engrave(&read(&name, &bytes, notation::Unfold::AsWritten), WIDTH) {
        let (layout, outlines) = (&system.layout, system.outlines().unwrap());
        let is_in = |outer: [f32; 4], inner: [f32; 4], slack: f32| {
            (0..2).all(|k| inner[k] >= outer[k] - slack) && (2..4).all(|k| inner[k] <= outer[k] + slack)
        };
        for outline in &outlines {
            assert!(is_in([0.0, 0.0, layout.width, layout.height], outline.bounds, 2.0), "{outline:?}");
            assert!(outline.path.starts_with('M'), "{outline:?}");
            let is_known = |c: char| "MLQCZ -.".contains(c) || c.is_ascii_digit();
            assert!(outline.path.chars().all(is_known), "{outline:?}");
        }
        for head in &layout.heads {
            let area = [head.left, head.top, head.right, head.bottom];
            let of_head = outlines.iter().find(|o| o.is_filled && is_in(area, o.bounds, 0.1));
            let [left, _, right, _] = of_head.unwrap().bounds;
            assert!(right - left > 0.8 * (head.right - head.left), "{head:?} {of_head:?}");
        }
        // Five lines for each of two staves, all across.
        let is_staff_line = |o: &&engraving::Outline| {
            o.line.as_ref().is_some_and(|line| line.width < 0.3) && o.bounds[1] == o.bounds[3]
        };
        assert!(outlines.iter().filter(is_staff_line).count() >= 10 * layout.measures.len());
    }
}

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit) as i64
    }
}

/// A piece for two hands of many bars: chords, two voices in the upper staff, notes over bar lines, grace
/// notes, triplets and tremolos.
fn many_bars(bars: u32) -> Score {
    let time = TimeSignature::default();
    let mut numbers = Numbers(u64::from(bars));
    let mut notes = Vec::new();
    for bar in 0..bars {
        let start = Quarters::whole(4 * i64::from(bar));
        let mut add = |onset, duration, pitch: i64, staff, voice, grace, marks| {
            notes.push(Note {
                onset,
                duration,
                pitch: pitch as u8,
                measure: bar,
                staff,
                voice,
                grace,
                marks,
                ..Note::default()
            });
        };
        let plain = Marks::empty();
        for beat in 0..4 {
            let at = start + Quarters::whole(beat);
            let pitch = 66 + numbers.below(14);
            match numbers.below(5) {
                0 => (0..3).for_each(|k| {
                    add(at + Quarters::new(k, 3), Quarters::new(1, 3), pitch + k, 1, 1, None, plain)
                }),
                1 => {
                    add(at, Quarters::ZERO, pitch + 2, 1, 1, Some(Grace::Acciaccatura), plain);
                    add(at, Quarters::whole(1), pitch, 1, 1, None, Marks::TRILL);
                }
                2 => (0..4).for_each(|k| {
                    add(
                        at + Quarters::new(k, 4),
                        Quarters::new(1, 4),
                        pitch + 2 * k,
                        1,
                        1,
                        None,
                        Marks::STACCATO,
                    )
                }),
                3 => (0..3)
                    .for_each(|k| add(at, Quarters::whole(1), pitch + 4 * k, 1, 1, None, Marks::ARPEGGIO)),
                _ => add(at, Quarters::whole(1), pitch, 1, 1, None, Marks::tremolo(3)),
            }
        }
        // Below it a voice that is held over the bar line, and a bass.
        let last = bar + 1 == bars;
        add(start + Quarters::whole(2), Quarters::whole(if last { 2 } else { 3 }), 60, 1, 2, None, plain);
        add(start, Quarters::new(5, 2), 36 + numbers.below(12), 2, 3, None, plain);
        add(start + Quarters::new(5, 2), Quarters::new(3, 2), 48, 2, 3, None, plain);
    }
    notes.sort_by_key(|note| (note.onset, note.pitch));
    for (k, note) in notes.iter_mut().enumerate() {
        note.id = NoteId { written: k as u32, pass: 1 };
    }
    Score {
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        measures: (0..bars).map(|bar| Measure::regular(bar, time)).collect(),
        notes,
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    }
}

#[test]
fn grace_notes_stand_in_the_order_of_their_names() {
    let time = TimeSignature::default();
    let names = [3, 0, 2, 1, 4];
    let note = |k: usize| Note {
        id: NoteId { written: names[k], pass: 1 },
        pitch: 70 + k as u8,
        grace: (k < 4).then_some(Grace::Acciaccatura),
        duration: Quarters::whole(if k < 4 { 0 } else { 4 }),
        ..Note::default()
    };
    let score = Score {
        parts: vec![Part { id: "P1".into(), name: String::new(), staves: 1 }],
        measures: vec![Measure::regular(0, time)],
        notes: (0..5).map(note).collect(),
        ..Score::default()
    };
    let mut heads = engrave(&score, WIDTH)[0].layout.heads.clone();
    heads.sort_by(|a, b| a.left.total_cmp(&b.left));
    assert_eq!(heads.iter().map(|head| names[head.notes[0] as usize]).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}

#[test]
fn several_hundred_bars_are_engraved() {
    let score = many_bars(300);
    assert!(score.notes.len() > 3_000);
    let mut numbers = Vec::new();
    let mut systems = Vec::new();
    let ready = |number: usize, system| {
        numbers.push(number);
        systems.truncate(number);
        systems.push(system);
    };
    Engraver::new(&score).unwrap().systems(WIDTH, || false, ready).unwrap();
    assert_eq!(faults(&score, &systems), Vec::<String>::new());
    assert_eq!(numbers[..3], [0, 1, 2], "the beginning comes first");
    assert_is_drawn("300 bars", &systems[0], 8.0);
}

#[test]
fn what_is_no_longer_wanted_ends() {
    let score = many_bars(40);
    let mut count = 0;
    let stop = std::cell::Cell::new(false);
    let ready = |_, _| {
        count += 1;
        stop.set(true);
    };
    Engraver::new(&score).unwrap().systems(WIDTH, || stop.get(), ready).unwrap();
    assert_eq!(count, 1);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_score_holds_is_engraved(score in generated::score()) {
        let systems = engrave(&score, 60.0);
        // Much is squeezed in these, and some grace notes do not find room.
        let missing = common::missing(&score, &systems);
        proptest::prop_assert!(missing.is_empty(), "{missing:#?}");
    }
}

#[test]
fn work_may_go_to_other_threads() {
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<Engraver>();
    is_shared::<engraving::System>();
    is_shared::<EngravingError>();
}

#[test]
fn what_is_no_score_is_refused() {
    assert!(matches!(Engraver::new(&Score::default()), Err(EngravingError::Write(_))));
}

#[test]
fn a_picture_has_a_size() {
    let (name, bytes) = our_scores().remove(0);
    let system = engrave(&read(&name, &bytes, notation::Unfold::AsWritten), WIDTH).remove(0);
    for scale in [0.0, -1.0, 1e6, f32::NAN, f32::INFINITY] {
        assert!(matches!(system.draw(scale), Err(EngravingError::Size { .. })), "{scale}");
    }
}
