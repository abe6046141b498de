//! What programs write that is right by the standard and rarely met, or wrong in a way that is known.
//!
//! Values are those of the MusicXML 4.0 reference, element by element: `chord`, `time`, `tie` and its
//! attribute `time-only`, `pedal`, `symbol`.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::{DirectionKind as Kind, Hand, Marks, Quarters, Score, TimeSignature};
use xml::{CLOSE, OPEN, TIE, TIED, note, one_part, order, q, read, score, sounding, warned, whole};

fn metre(inside: &str) -> String {
    format!("<attributes><time>{inside}</time></attributes>")
}

fn rest(attribute: &str, duration: u32, more: &str) -> String {
    format!("<note><rest{attribute}/><duration>{duration}</duration>{more}</note>")
}

fn tempi(score: &Score) -> Vec<f64> {
    let tempo = |kind| if let Kind::Metronome(tempo) = kind { Some(tempo) } else { None };
    score.directions.iter().filter_map(|d| tempo(d.kind)).collect()
}

#[test]
fn a_note_of_a_chord_may_be_shorter_than_the_first() {
    let chord = note("C4", 8, "") + &note("E4", 4, "<chord/>") + &note("G4", 8, "<chord/>");
    let found = score(&[chord + &note("C5", 8, "")]);
    let expected =
        [(q(0, 1), q(2, 1), 60), (q(0, 1), q(1, 1), 64), (q(0, 1), q(2, 1), 67), (q(2, 1), q(2, 1), 72)];
    assert_eq!(sounding(&found), expected);
    // "It cannot be longer."
    let longer = note("C4", 8, "") + &note("E4", 16, "<chord/>") + &note("G4", 8, "");
    assert_eq!(sounding(&score(&[longer]))[1], (q(0, 1), q(2, 1), 64));
}

#[test]
fn metres_of_several_beat_types_are_added_up() {
    let pair = |beats: &str, kind: u8| format!("<beats>{beats}</beats><beat-type>{kind}</beat-type>");
    let signature = |beats, beat_type| TimeSignature { beats, beat_type };
    for (inside, expected) in [
        (pair("3", 8) + &pair("2", 4), signature(7, 8)),
        (pair("2", 4) + &pair("3", 8), signature(7, 8)),
        (pair("3+2", 8) + &pair("1", 4), signature(7, 8)),
        (pair("2", 4) + &pair("3", 4), signature(5, 4)),
        (pair("3", 4) + "<interchangeable>" + &pair("6", 8) + "</interchangeable>", signature(3, 4)),
        (pair("200", 4) + &pair("200", 8), signature(200, 4)),
    ] {
        let found = score(&[metre(&inside) + &note("C4", 4, "")]);
        assert_eq!(found.time_signatures[0].1, expected, "{inside}");
    }
    let empty = score(&[
        metre(&(pair("3", 8) + &pair("2", 4))) + &note("C4", 14, ""),
        String::new(),
        note("D4", 14, ""),
    ]);
    assert_eq!(empty.notes[1].onset, q(7, 1), "an empty measure lasts for the whole metre");
    assert!(!warned(&empty, "would be"), "{:?}", empty.warnings);
}

#[test]
fn a_rest_for_the_whole_measure_makes_it_no_longer() {
    let three = metre("<beats>3</beats><beat-type>4</beat-type>");
    for (attribute, more) in [(" measure=\"yes\"", ""), ("", "<type>whole</type>")] {
        let found =
            score(&[three.clone() + &note("C4", 12, ""), rest(attribute, 16, more), note("D4", 12, "")]);
        assert_eq!(found.notes[1].onset, q(6, 1), "{attribute}{more}");
        assert!(warned(&found, "a rest for the whole measure"), "{:?}", found.warnings);
    }
    // Beside notes that do last so long, and where it is as long as the metre, nothing is changed.
    let back = "<backup><duration>20</duration></backup>";
    let long = score(&[note("C4", 20, "") + back + &rest(" measure=\"yes\"", 20, ""), whole("D4")]);
    assert_eq!(long.notes[1].onset, q(5, 1));
    assert!(!warned(&long, "a rest for the whole measure"), "{:?}", long.warnings);
    let right = score(&[whole("C4"), rest(" measure=\"yes\"", 16, "<type>whole</type>"), whole("D4")]);
    assert_eq!((right.notes[1].onset, right.warnings.len()), (q(8, 1), 0));
    // A rest that a bar in free time is filled with.
    let free = score(&[metre("<senza-misura/>") + &rest("", 24, "<type>whole</type>"), whole("D4")]);
    assert_eq!(free.notes[0].onset, q(6, 1));
}

#[test]
fn a_tie_for_one_pass_holds_in_that_pass() {
    let only = |tie: &str, passes: &str| tie.replace("/>", &format!(" time-only=\"{passes}\"/>"));
    let lengths = |measures: &[String]| -> Vec<(Quarters, Quarters)> {
        sounding(&score(measures)).into_iter().filter(|n| n.2 == 67).map(|n| (n.0, n.1)).collect()
    };
    let repeated = |start: &str, stop: &str| {
        lengths(&[OPEN.to_owned() + &note("G4", 16, start), note("G4", 16, stop) + CLOSE, whole("C4")])
    };
    let (tied, struck) =
        (|at: i64| vec![(q(at, 1), q(8, 1))], |at: i64| vec![(q(at, 1), q(4, 1)), (q(at + 4, 1), q(4, 1))]);
    assert_eq!(repeated(TIE, TIED), [tied(0), tied(8)].concat());
    assert_eq!(repeated(&only(TIE, "1"), &only(TIED, "1")), [tied(0), struck(8)].concat());
    assert_eq!(repeated(&only(TIE, "2"), &only(TIED, "2")), [struck(0), tied(8)].concat());
    assert_eq!(repeated(&only(TIE, "1,2"), TIED), [tied(0), tied(8)].concat());
    // What is printed beside it does not say more.
    let printed = only(TIE, "1") + "<notations><tied type=\"start\"/></notations>";
    let stop = only(TIED, "1") + "<notations><tied type=\"stop\"/></notations>";
    assert_eq!(repeated(&printed, &stop), [tied(0), struck(8)].concat());
}

#[test]
fn a_metronome_mark_in_several_words_or_symbols() {
    let direction = |inside: &str| {
        format!("<direction><direction-type>{inside}</direction-type></direction>{}", whole("C4"))
    };
    for (inside, expected) in [
        ("<words font-family=\"Maestro\">♩</words><words> = 66</words>", 66.0),
        ("<words>Lento (</words><words>♩.</words><words>= 40)</words>", 60.0),
        ("<symbol>metNoteQuarterUp</symbol><words>= 66</words>", 66.0),
        ("<symbol>metNoteHalfUp</symbol><symbol>metAugmentationDot</symbol><words>= 30</words>", 90.0),
    ] {
        assert_eq!(tempi(&score(&[direction(inside)])), [expected], "{inside}");
    }
    for inside in ["<words>♩</words><words>dolce</words>", "<words>a =</words><words>66</words>"] {
        assert!(tempi(&score(&[direction(inside)])).is_empty(), "{inside}");
    }
}

#[test]
fn a_pedal_line_goes_on_after_a_gap() {
    let pedal = |kind: &str| {
        format!("<direction><direction-type><pedal type=\"{kind}\"/></direction-type></direction>")
    };
    let found = score(&[
        pedal("start") + &whole("C4"),
        pedal("discontinue") + &whole("D4"),
        pedal("resume") + &whole("E4") + &pedal("stop"),
    ]);
    let held = found.directions.iter().filter(|d| d.kind == Kind::SustainPedal);
    let held: Vec<_> = held.map(|d| (d.onset, d.end)).collect();
    assert_eq!(held, [(q(0, 1), Some(q(4, 1))), (q(8, 1), Some(q(12, 1)))]);
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    assert_eq!(order(&found), "1 2 3");
}

#[test]
fn two_parts_may_be_two_hands() {
    let hands = |names: [&str; 2], upper: &str, lower: &str| {
        let part = |id: &str, pitch: &str| {
            let xml = one_part(&[&whole(pitch)]).replace("\"P1\"", &format!("\"{id}\""));
            xml[xml.find("<part id").unwrap()..xml.find("</score-partwise>").unwrap()].to_owned()
        };
        let names = ["P1", "P2"]
            .into_iter()
            .zip(names)
            .map(|(id, name)| format!("<score-part id=\"{id}\"><part-name>{name}</part-name></score-part>"));
        let list: String = names.collect();
        let parts = part("P1", upper) + &part("P2", lower);
        let score = read(&format!("<score-partwise><part-list>{list}</part-list>{parts}</score-partwise>"));
        let staves = score.parts.iter().map(|part| part.staves).collect::<Vec<_>>();
        (staves, score.notes.iter().map(|n| (n.pitch, n.hand())).collect::<Vec<_>>())
    };
    let (right, left) = (Hand::Right, Hand::Left);
    let both = (vec![2], vec![(48, left), (72, right)]);
    assert_eq!(hands(["Piano", "Piano"], "C5", "C3"), both);
    assert_eq!(hands(["Piano", "Piano"], "C3", "C5"), both);
    assert_eq!(hands(["Right hand", "Left hand"], "C5", "C3"), both);
    assert_eq!(hands(["R.H.", "L.H."], "C5", "C3"), both);
    let crossed = (vec![2], vec![(48, right), (72, left)]);
    assert_eq!(hands(["Piano left", "Piano right"], "C5", "C3"), crossed);
    let apart = (vec![1, 1], vec![(48, right), (72, right)]);
    assert_eq!(hands(["Violin", "Piano"], "C5", "C3"), apart);
    assert_eq!(hands(["Violin", "Violin"], "C5", "C3"), apart);
}

#[test]
fn voices_may_be_counted_on_each_staff() {
    let staccato = "<notations><articulations><staccato/></articulations></notations>";
    let back = "<backup><duration>16</duration></backup>";
    let slur = |kind: &str| format!("<notations><slur type=\"{kind}\" number=\"1\"/></notations>");
    for voice in ["", "<voice>1</voice>"] {
        let staff = |staff: u8, more: &str| format!("{voice}<staff>{staff}</staff>{more}");
        let upper = note("C5", 8, &staff(1, staccato)) + &note("D5", 8, &staff(1, ""));
        let lower = note("C3", 8, &staff(2, "")) + &note("G3", 8, &format!("<chord/>{}", staff(2, "")));
        let first = upper + back + &lower + &note("D3", 8, &staff(2, ""));
        let upper = note("E5", 8, &staff(1, &slur("start"))) + &note("F5", 8, &staff(1, &slur("stop")));
        let second = upper + back + &note("C3", 8, &staff(2, "")) + &note("E3", 8, &staff(2, ""));
        let found = score(&[first, second]);
        let with = |marks: Marks| {
            let notes = found.notes.iter().filter(|n| n.marks.intersects(marks));
            notes.map(|n| n.pitch).collect::<Vec<_>>()
        };
        assert_eq!(with(Marks::STACCATO), [72], "{voice}");
        assert_eq!(with(Marks::SLURRED), [76, 77], "{voice}");
        assert!(found.notes.iter().all(|n| (n.voice == 1) == (n.staff == 1)), "{voice}");
    }
    // A voice that goes from staff to staff is one voice.
    let moving = |staff: u8| format!("<voice>1</voice><staff>{staff}</staff>");
    let found = score(&[note("C5", 8, &moving(1)) + &note("C3", 8, &moving(2))]);
    assert!(found.notes.iter().all(|n| n.voice == 1));
}
