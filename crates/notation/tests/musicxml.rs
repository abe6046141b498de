//! One feature of MusicXML after the other, in hand-written scores.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use notation::DirectionKind as Kind;
use notation::{Dynamic, Grace, ImportOptions, Marks, Quarters, read_score};
use xml::{error, note, notes, one_part, order, pitches, read, whole};

fn expect(expected: &[(&str, &str, u8)]) -> Vec<(String, String, u8)> {
    expected
        .iter()
        .map(|(onset, duration, pitch)| ((*onset).to_owned(), (*duration).to_owned(), *pitch))
        .collect()
}

fn direction(inside: &str, after: &str) -> String {
    format!("<direction><direction-type>{inside}</direction-type>{after}</direction>")
}

#[test]
fn title_composer_and_parts() {
    let xml = one_part(&[&whole("C4")]).replace(
        "<part-list>",
        "<work><work-title>Sonata &amp; Fugue</work-title></work><identification><creator type=\"composer\">\
         J. S. Bach</creator></identification><part-list>",
    );
    let score = read(&xml);
    assert_eq!(score.title.as_deref(), Some("Sonata & Fugue"));
    assert_eq!(score.composer.as_deref(), Some("J. S. Bach"));
    assert_eq!((score.parts[0].id.as_str(), score.parts[0].name.as_str()), ("P1", "Piano"));
}

#[test]
fn chords_voices_and_staves() {
    let upper = format!(
        "{}{}",
        note("C5", 8, "<voice>1</voice><staff>1</staff>"),
        note("E5", 8, "<chord/><staff>1</staff>")
    );
    let lower = note("C3", 16, "<voice>5</voice><staff>2</staff>");
    let rest = "<note><rest/><duration>8</duration></note>";
    let score = read(&one_part(&[&format!("{upper}{rest}<backup><duration>16</duration></backup>{lower}")]));
    assert_eq!(notes(&score), expect(&[("0", "4", 48), ("0", "2", 72), ("0", "2", 76)]));
    assert_eq!((score.notes[0].voice, score.notes[0].staff), (5, 2));
    assert_eq!(score.parts[0].staves, 2);
    assert_eq!(score.end(), Quarters::whole(4));
}

#[test]
fn forward_leaves_a_gap() {
    let score =
        read(&one_part(&[&format!("<forward><duration>6</duration></forward>{}", note("C4", 10, ""))]));
    assert_eq!(notes(&score), expect(&[("3/2", "5/2", 60)]));
}

#[test]
fn ties_are_merged_across_bars_and_voices() {
    let first = note("C4", 16, "<tie type=\"start\"/><voice>1</voice>");
    let second = note("C4", 16, "<tie type=\"stop\"/><tie type=\"start\"/><voice>2</voice>");
    let third = note("C4", 4, "<tie type=\"stop\"/><voice>1</voice>");
    let score = read(&one_part(&[&first, &second, &third]));
    assert_eq!(notes(&score), expect(&[("0", "9", 60)]));
}

#[test]
fn a_tie_without_a_partner_is_a_note() {
    let score =
        read(&one_part(&[&note("C4", 16, "<tie type=\"start\"/>"), &note("D4", 16, "<tie type=\"stop\"/>")]));
    assert_eq!(notes(&score), expect(&[("0", "4", 60), ("4", "4", 62)]));
}

#[test]
fn tied_signs_count_where_ties_are_missing() {
    let tied = |kind: &str| format!("<notations><tied type=\"{kind}\"/></notations>");
    let score = read(&one_part(&[&note("C4", 16, &tied("start")), &note("C4", 16, &tied("stop"))]));
    assert_eq!(notes(&score), expect(&[("0", "8", 60)]));
}

#[test]
fn grace_notes() {
    let slashed = note("D5", 0, "<grace slash=\"yes\"/>");
    let plain = note("E5", 0, "<grace/>");
    let score = read(&one_part(&[&format!("{}{slashed}{plain}{}", note("G4", 4, ""), note("C5", 12, ""))]));
    assert_eq!(notes(&score), expect(&[("0", "1", 67), ("1", "3", 72), ("1", "0", 74), ("1", "0", 76)]));
    let kinds: Vec<_> = score.notes.iter().map(|n| n.grace).collect();
    assert_eq!(kinds, [None, None, Some(Grace::Acciaccatura), Some(Grace::Appoggiatura)]);
}

#[test]
fn tuplets_and_changing_divisions_are_exact() {
    let triplets = "<attributes><divisions>3</divisions></attributes>".to_owned()
        + &note("C4", 1, "")
        + &note("D4", 1, "")
        + &note("E4", 1, "")
        + &note("F4", 9, "");
    let quintuplets = "<attributes><divisions>5</divisions></attributes>".to_owned()
        + &note("C4", 2, "")
        + &note("D4", 18, "");
    let score = read(&one_part(&[&triplets, &quintuplets]));
    let onsets: Vec<_> = score.notes.iter().map(|n| n.onset).collect();
    let q = Quarters::new;
    assert_eq!(onsets, [q(0, 1), q(1, 3), q(2, 3), q(1, 1), q(4, 1), q(22, 5)]);
    assert_eq!(score.end(), Quarters::whole(8));
}

#[test]
fn transposition() {
    let transpose = "<attributes><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic>\
                     <octave-change>-1</octave-change></transpose></attributes>";
    let back = "<attributes><transpose><chromatic>0</chromatic></transpose></attributes>";
    let score = read(&one_part(&[&format!("{transpose}{}", whole("C4")), &format!("{back}{}", whole("C4"))]));
    assert_eq!(pitches(&score), [46, 60]);
}

#[test]
fn a_pick_up_is_a_short_first_measure() {
    let score = read(&one_part(&[&note("C4", 4, ""), &whole("D4")]));
    assert_eq!(score.measures[0].end, Quarters::whole(1));
    assert_eq!(score.measures[1].start, Quarters::whole(1));
    assert_eq!(score.measures[0].position(Quarters::ZERO, true), Quarters::whole(3));
    assert_eq!(score.notes[1].measure, 1);
}

#[test]
fn metre_and_key_changes() {
    let change = "<attributes><key><fifths>-3</fifths><mode>minor</mode></key>\
                  <time><beats>3+2</beats><beat-type>8</beat-type></time></attributes>";
    let score = read(&one_part(&[&whole("C4"), &format!("{change}{}", note("C4", 10, ""))]));
    assert_eq!((score.measures[1].time.beats, score.measures[1].time.beat_type), (5, 8));
    assert_eq!(score.key_signature_at(Quarters::ZERO).fifths, -3, "the first key holds from the start");
    assert!(score.key_signature_at(Quarters::whole(4)).minor);
}

#[test]
fn unpitched_and_impossible_notes_are_left_out_with_a_warning() {
    let drum = "<note><unpitched><display-step>C</display-step></unpitched><duration>4</duration></note>";
    let score = read(&one_part(&[&format!(
        "{drum}{}{}",
        note("C4", 4, ""),
        note("G9", 8, "").replace(">9<", ">12<")
    )]));
    assert_eq!(notes(&score), expect(&[("1", "1", 60)]));
    assert_eq!(score.warnings.len(), 2);
    assert_eq!(score.warnings[0].place.to_string(), "part P1, measure 1, line 6");
}

#[test]
fn backup_beyond_the_measure_stops_at_its_start() {
    let score =
        read(&one_part(&[&whole("C4"), &format!("<backup><duration>4</duration></backup>{}", whole("D4"))]));
    assert_eq!(notes(&score), expect(&[("0", "4", 60), ("4", "4", 62)]));
    assert_eq!(score.warnings.len(), 1);
}

#[test]
fn several_parts_share_their_measures() {
    let mut xml = one_part(&[&note("C4", 4, ""), &whole("D4")]);
    let part = xml[xml.find("<part id").unwrap()..xml.find("</score-partwise>").unwrap()].replace("P1", "P2");
    xml = xml.replace("</score-partwise>", &format!("{part}</score-partwise>"));
    // The second part's pick-up is written too long: both go on together after it.
    let longer = xml.rfind("<duration>4<").unwrap();
    xml.replace_range(longer..longer + 12, "<duration>8<");
    let score = read(&xml);
    assert_eq!(score.parts.len(), 2);
    let onsets: Vec<_> = score.notes.iter().map(|n| (n.part, n.onset.to_string())).collect();
    let expected = [(0, "0"), (1, "0"), (0, "2"), (1, "2")];
    assert_eq!(onsets, expected.map(|(part, onset)| (part, onset.to_owned())));
}

#[test]
fn timewise_is_the_same_score() {
    let partwise = one_part(&[&whole("C4"), &whole("D4")]);
    let mut timewise = partwise
        .replace("partwise", "timewise")
        .replace("<part id=\"P1\">\n", "")
        .replace("</part>\n", "")
        .replace("</measure>", "</part></measure>");
    for k in 1..=2 {
        let open = format!("<measure number=\"{k}\">");
        timewise = timewise.replace(&open, &format!("{open}<part id=\"P1\">"));
    }
    let (mut a, b) = (read(&partwise), read(&timewise));
    a.warnings.clear();
    assert_eq!(a, b);
    assert_eq!(order(&b), "1 2");
}

#[test]
fn marks_at_a_note_hold_for_its_chord() {
    let marks = "<notations><articulations><staccato/><strong-accent/></articulations><fermata/><arpeggiate/>\
                 <ornaments><trill-mark/></ornaments></notations>";
    let score = read(&one_part(&[&format!("{}{}", note("C4", 16, marks), note("E4", 16, "<chord/>"))]));
    let shared = Marks::STACCATO | Marks::MARCATO | Marks::FERMATA | Marks::ARPEGGIO;
    assert_eq!(score.notes[0].marks, shared | Marks::TRILL);
    assert_eq!(score.notes[1].marks, shared, "an ornament belongs to its note alone");
}

#[test]
fn ornaments_say_which_and_with_what() {
    let marks = |ornaments: &str| {
        let marks = format!("<notations><ornaments>{ornaments}</ornaments></notations>");
        read(&one_part(&[&note("C4", 16, &marks)])).notes[0].marks
    };
    let above = "<accidental-mark placement=\"above\">sharp</accidental-mark>";
    let below = "<accidental-mark placement=\"below\">flat</accidental-mark>";
    assert_eq!(marks("<mordent/>"), Marks::MORDENT);
    assert_eq!(marks("<inverted-mordent/>"), Marks::MORDENT | Marks::INVERTED);
    assert_eq!(marks(&format!("<trill-mark/>{above}")), Marks::TRILL | Marks::ABOVE_SHARP);
    let turn = Marks::TURN | Marks::DELAYED | Marks::ABOVE_SHARP | Marks::BELOW_FLAT;
    assert_eq!(marks(&format!("<delayed-turn/>{above}{below}")), turn);
    let tremolo = marks("<tremolo type=\"single\">2</tremolo>");
    assert!(tremolo.contains(Marks::TREMOLO) && !tremolo.contains(Marks::TREMOLO_PAIR));
    assert_eq!(tremolo.tremolo_strokes(), 2);
    assert!(marks("<tremolo type=\"start\">3</tremolo>").contains(Marks::TREMOLO | Marks::TREMOLO_PAIR));
    assert_eq!(marks("<wavy-line type=\"stop\"/>"), Marks::empty());
    let rolled =
        read(&one_part(&[&note("C4", 16, "<notations><arpeggiate direction=\"down\"/></notations>")]));
    assert_eq!(rolled.notes[0].marks, Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN);
}

#[test]
fn slurs() {
    let slur = |kind: &str| format!("<notations><slur number=\"1\" type=\"{kind}\"/></notations>");
    let inner = note("D4", 4, "");
    let xml = one_part(&[&(note("C4", 4, &slur("start"))
        + &inner
        + &note("E4", 4, &slur("stop"))
        + &note("F4", 4, ""))]);
    let marks: Vec<_> = read(&xml).notes.iter().map(|n| n.marks).collect();
    let expected = [
        Marks::SLUR_START | Marks::SLURRED,
        Marks::SLURRED,
        Marks::SLUR_STOP | Marks::SLURRED,
        Marks::empty(),
    ];
    assert_eq!(marks, expected);
}

#[test]
fn dynamics_and_hairpins() {
    let measure = direction("<dynamics><pp/></dynamics>", "<staff>2</staff>")
        + &direction("<wedge type=\"crescendo\"/>", "")
        + &note("C4", 8, "")
        + &direction("<wedge type=\"stop\"/>", "")
        + &direction("<dynamics><sfz/></dynamics>", "")
        + &direction("<words>cresc.</words>", "")
        + &direction("<dashes type=\"start\"/>", "")
        + &note("C4", 8, "");
    let found: Vec<_> = read(&one_part(&[&measure]))
        .directions
        .iter()
        .map(|d| (d.onset.to_string(), d.end.map(|e| e.to_string()), d.kind, d.staff))
        .collect();
    assert_eq!(found[0], ("0".to_owned(), None, Kind::Dynamic(Dynamic::Pp), Some(2)));
    assert_eq!(found[1], ("0".to_owned(), Some("2".to_owned()), Kind::Crescendo, None));
    assert_eq!(found[2].2, Kind::Sforzando);
    assert_eq!(found[3].2, Kind::Crescendo);
}

#[test]
fn dashes_carry_words_on() {
    let words = "<words>dim.</words></direction-type><direction-type><dashes type=\"start\" number=\"2\"/>";
    let first = direction(words, "") + &whole("C4");
    let second =
        note("C4", 8, "") + &direction("<dashes type=\"stop\" number=\"2\"/>", "") + &note("C4", 8, "");
    let score = read(&one_part(&[&first, &second]));
    assert_eq!(
        (score.directions[0].kind, score.directions[0].end),
        (Kind::Diminuendo, Some(Quarters::whole(6)))
    );
    assert_eq!(score.directions[0].text, "dim.");
}

#[test]
fn an_open_hairpin_ends_with_its_measure() {
    let score =
        read(&one_part(&[&(direction("<wedge type=\"diminuendo\"/>", "") + &whole("C4")), &whole("C4")]));
    assert_eq!(score.directions[0].end, Some(Quarters::whole(4)));
    assert_eq!(score.warnings.len(), 1);
}

#[test]
fn tempo_marks_are_in_quarters() {
    let metronome = |unit: &str, number: &str| {
        direction(&format!("<metronome><beat-unit>{unit}<per-minute>{number}</per-minute></metronome>"), "")
    };
    let measure = metronome("half</beat-unit>", "60")
        + &metronome("quarter</beat-unit><beat-unit-dot/>", "ca. 80-84")
        + &direction("<words>Allegro</words>", "<sound tempo=\"140\"/>")
        + &direction("<words>rit.</words>", "<sound tempo=\"90\"/>")
        + "<sound tempo=\"100\"/>"
        + &whole("C4");
    let kinds: Vec<_> = read(&one_part(&[&measure])).directions.iter().map(|d| d.kind).collect();
    let expected = [
        Kind::Metronome(120.0),
        Kind::Metronome(120.0),
        Kind::Tempo(Some(140.0)),
        Kind::Ritardando,
        Kind::Metronome(90.0),
        Kind::Metronome(100.0),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn pedal_marks() {
    let pedal = |kind: &str| direction(&format!("<pedal type=\"{kind}\"/>"), "");
    let measure =
        pedal("start") + &note("C4", 8, "") + &pedal("change") + &note("C4", 8, "") + &pedal("stop");
    let score = read(&one_part(&[&measure]));
    let spans: Vec<_> = score.directions.iter().map(|d| (d.onset, d.end, d.kind)).collect();
    let q = Quarters::whole;
    assert_eq!(spans, [(q(0), Some(q(2)), Kind::SustainPedal), (q(2), Some(q(4)), Kind::SustainPedal)]);
}

#[test]
fn every_encoding_gives_the_same_score() {
    let xml = one_part(&[&whole("C4")]).replace("Piano", "Pianó");
    let expected = read(&xml);
    let utf16 = |label: &str, big: bool, mark: bool| {
        let text = xml.replace("UTF-8", label);
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(bytes).collect::<Vec<u8>>()
    };
    let latin = |label: &str| {
        let text = xml.replace("UTF-8", label);
        text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>()
    };
    let texts = [
        xml.clone().into_bytes(),
        [b"\xef\xbb\xbf".as_slice(), xml.as_bytes()].concat(),
        utf16("UTF-16", false, true),
        utf16("UTF-16", true, true),
        utf16("UTF-16", false, false),
        utf16("UTF-16", true, false),
        latin("ISO-8859-1"),
        latin("windows-1252"),
        xml.replace("UTF-8", "UTF8-nobody-knows").into_bytes(),
        xml.replace("UTF-8", "UTF-16").into_bytes(),
    ];
    for (k, bytes) in texts.iter().enumerate() {
        let score = read_score("test.xml", bytes, &ImportOptions::default()).unwrap();
        assert_eq!(score, expected, "encoding {k}");
    }
    // What claims to be UTF-8, and is not.
    let guessed = read_score("test.xml", &latin("UTF-8"), &ImportOptions::default()).unwrap();
    assert_eq!(guessed.parts, expected.parts);
    assert!(guessed.warnings[0].message.contains("UTF-8"), "{:?}", guessed.warnings);
    assert!(error(&latin("nobody-knows")).to_string().contains("not valid nobody-knows"));
}
