//! The rules against what the marks of a score promise.

use analysis::rules::Weights;
use notation::{DirectionKind, Dynamic, Grace, Marks};
use performance::Pedal;

use super::{close, direct, line, onsets, play_with, score, spans};

#[test]
fn louder_marks_are_louder() {
    let mut score = line(&[60; 40], 1.0);
    for (k, level) in Dynamic::ALL.into_iter().enumerate() {
        direct(&mut score, 4.0 * k as f64, None, DirectionKind::Dynamic(level), "");
    }
    let played = play_with(&score, Weights::DEADPAN, 1);
    let levels: Vec<u8> = played.notes.iter().step_by(4).map(|n| n.velocity).collect();
    assert!(levels.windows(2).all(|w| w[0] < w[1]), "{levels:?}");
}

#[test]
fn hairpins_grow_and_reach_the_next_level() {
    let mut score = line(&[60; 16], 1.0);
    direct(&mut score, 0.0, None, DirectionKind::Dynamic(Dynamic::P), "");
    direct(&mut score, 4.0, Some(12.0), DirectionKind::Crescendo, "");
    direct(&mut score, 12.0, None, DirectionKind::Dynamic(Dynamic::Ff), "");
    let velocities: Vec<u8> =
        play_with(&score, Weights::DEADPAN, 1).notes.iter().map(|n| n.velocity).collect();
    assert_eq!(velocities[3], velocities[4]);
    assert!(velocities[4..=12].windows(2).all(|w| w[0] < w[1]), "{velocities:?}");
    assert_eq!(velocities[12], 82);
    assert_eq!(velocities[15], 82);
}

#[test]
fn accents_and_sforzandi_stand_out() {
    let mut score = line(&[60; 8], 1.0);
    score.notes[2].marks = Marks::ACCENT;
    direct(&mut score, 5.0, None, DirectionKind::Sforzando, "sfz");
    let played = play_with(&score, Weights::DEADPAN, 1);
    assert_eq!(played.notes[2].velocity, 70); // 64 + 2.5 · 2.5
    assert_eq!(played.notes[5].velocity, 74); // 64 + 4 · 2.5
    assert_eq!(played.notes[6].velocity, 64);
}

#[test]
fn articulations_order_durations() {
    let mut score = line(&[60, 62, 64, 65, 67, 69], 1.0);
    score.notes[0].marks = Marks::STACCATISSIMO;
    score.notes[1].marks = Marks::STACCATO;
    score.notes[2].marks = Marks::STACCATO | Marks::TENUTO;
    score.notes[4].marks = Marks::SLURRED;
    let played = play_with(&score, Weights::DEADPAN, 1);
    let lengths: Vec<f64> = played.notes[..5].iter().map(|n| n.duration_secs).collect();
    assert!(lengths.windows(2).all(|w| w[0] < w[1]), "{lengths:?}");
    // The last note under a slur: 60 ms off.
    score.notes[5].marks = Marks::SLUR_STOP | Marks::SLURRED;
    let long = play_with(&score, Weights::DEADPAN, 1).notes[5].duration_secs;
    let short = play_with(&score, Weights { slur_end: 1.0, ..Weights::DEADPAN }, 1).notes[5].duration_secs;
    close(long - short, 0.06);
}

#[test]
fn ritardando_slows_and_a_tempo_returns() {
    let mut score = line(&[60; 24], 1.0);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    direct(&mut score, 8.0, None, DirectionKind::Ritardando, "rit.");
    direct(&mut score, 16.0, None, DirectionKind::ATempo, "a tempo");
    let spans = spans(&play_with(&score, Weights::DEADPAN, 1));
    assert!(spans[8..16].windows(2).all(|w| w[0] < w[1]), "{spans:?}");
    close(spans[7], 0.5);
    close(spans[16], 0.5);
    assert!(spans[15] > 0.65, "{spans:?}");
}

#[test]
fn dynamics_at_notes_are_played() {
    let measure = |inside: &str, names: [&str; 4]| {
        let note = |name: &str| {
            format!("<note><pitch><step>{name}</step><octave>4</octave></pitch><duration>1</duration>")
        };
        let (first, rest) =
            (note(names[0]), names[1..].iter().map(|name| note(name) + "</note>").collect::<String>());
        format!("{first}<notations><dynamics><{inside}/></dynamics></notations></note>{rest}")
    };
    let xml = format!(
        "<score-partwise><part-list><score-part id=\"P1\"><part-name/></score-part></part-list><part id=\"P1\">\
         <measure><attributes><divisions>1</divisions></attributes>{}</measure><measure>{}</measure></part>\
         </score-partwise>",
        measure("pp", ["C", "D", "E", "F"]),
        measure("ff", ["G", "A", "B", "C"])
    );
    let score = notation::read_score("test", xml.as_bytes(), &notation::ImportOptions::default()).unwrap();
    assert_eq!(score.directions.len(), 2);
    let played = play_with(&score, Weights::DEADPAN, 1);
    let loudest =
        |notes: std::ops::Range<usize>| played.notes[notes].iter().map(|n| n.velocity).max().unwrap();
    let softest =
        |notes: std::ops::Range<usize>| played.notes[notes].iter().map(|n| n.velocity).min().unwrap();
    assert!(softest(4..8) > loudest(0..4) + 20, "the second bar is louder");
}

#[test]
fn fermata_holds() {
    let mut score = line(&[60; 8], 1.0);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(60.0), "");
    score.notes[3].marks = Marks::FERMATA;
    let spans = spans(&play_with(&score, Weights::DEADPAN, 1));
    close(spans[3], 1.8);
    close(spans[4], 1.0);
}

#[test]
fn chords_roll_and_grace_notes_come_first() {
    let chord = [48, 55, 60, 64, 67].map(|p| (4.0, 4.0, p, 1, Marks::ARPEGGIO));
    let written = score(&[[(0.0, 4.0, 60, 1, Marks::empty())].as_slice(), &chord].concat());
    let played = play_with(&written, Weights::DEADPAN, 1);
    let roll = &onsets(&played)[1..];
    assert!(roll.windows(2).all(|w| w[1] - w[0] > 0.02), "{roll:?}");
    let mut written = score(&[
        (0.0, 2.0, 60, 1, Marks::empty()),
        (2.0, 2.0, 64, 1, Marks::empty()),
        (2.0, 0.0, 65, 1, Marks::empty()),
    ]);
    for (grace, before) in [(Grace::Acciaccatura, true), (Grace::Appoggiatura, false)] {
        written.notes[2].grace = Some(grace);
        let played = play_with(&written, Weights::DEADPAN, 1);
        let (main, ornament) = (played.notes[1].onset_secs, played.notes[2].onset_secs);
        assert!(ornament < main && main - ornament < 0.15);
        assert_eq!(before, ornament < 1.2 - 1e-9);
    }
}

#[test]
fn grace_chords_are_struck_together_and_each_voice_has_its_own() {
    let mut written = score(&[
        (0.0, 4.0, 60, 1, Marks::empty()),
        (4.0, 0.0, 65, 1, Marks::empty()),
        (4.0, 0.0, 67, 1, Marks::empty()),
        (4.0, 0.0, 71, 1, Marks::GRACE_CHORD),
        (4.0, 0.0, 52, 2, Marks::empty()),
        (4.0, 4.0, 48, 2, Marks::empty()),
        (4.0, 4.0, 72, 1, Marks::empty()),
    ]);
    for grace in [Grace::Acciaccatura, Grace::Appoggiatura] {
        written.notes.iter_mut().filter(|n| n.duration.is_zero()).for_each(|n| n.grace = Some(grace));
        let played = play_with(&written, Weights::DEADPAN, 1);
        let onset = |pitch| {
            let index = written.notes.iter().position(|n| n.pitch == pitch).unwrap();
            played.notes[index].onset_secs
        };
        assert!((onset(67) - onset(71)).abs() < 1e-9, "one stroke");
        assert!((0.04..0.15).contains(&(onset(67) - onset(65))), "after the one before it");
        assert!((0.04..0.15).contains(&(onset(72) - onset(71))), "before its note");
        assert!((0.04..0.15).contains(&(onset(48) - onset(52))), "a single one in the other voice");
    }
}

#[test]
fn pedal_marks_are_played() {
    let mut score = line(&[48, 52, 55, 60, 48, 53, 57, 60], 1.0);
    direct(&mut score, 0.0, Some(4.0), DirectionKind::SustainPedal, "");
    direct(&mut score, 4.0, Some(8.0), DirectionKind::SustainPedal, "");
    let played = play_with(&score, Weights::DEADPAN, 1);
    let values: Vec<u8> = played.pedals.iter().map(|p| p.value).collect();
    assert_eq!(values, [127, 0, 127, 0]);
    // Changed just after the new bass, as pianists do.
    let bass = played.notes[4].onset_secs;
    assert!(played.pedals[1].time_secs > bass && played.pedals[2].time_secs > played.pedals[1].time_secs);
    assert!(played.pedals.iter().all(|p| p.pedal == Pedal::Sustain));
}

#[test]
fn wide_arpeggios_are_pedalled_by_harmony() {
    let left = (0..32u32).map(|k| {
        let chord: [u8; 4] = if k / 8 % 2 == 0 { [36, 43, 52, 60] } else { [31, 43, 47, 62] };
        (f64::from(k) * 0.5, 0.5, chord[k as usize % 4], 2, Marks::empty())
    });
    let written = score(&left.collect::<Vec<_>>());
    let played = play_with(&written, Weights::DEADPAN, 1);
    assert_eq!(played.pedals.iter().filter(|p| p.value > 0).count(), 4);
    assert!(play_with(&line(&[60, 62, 64, 65], 1.0), Weights::DEADPAN, 1).pedals.is_empty());
}
