//! Broken, hostile and compressed files: always an answer, soon, with the place.
#![allow(clippy::unwrap_used)]

#[path = "common/xml.rs"]
mod xml;

use std::io::{Cursor, Write};
use std::time::Instant;

use notation::{ImportError, ImportOptions, Limits, read_score};
use proptest::prelude::*;
use xml::{error, note, one_part, read, whole};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const CONTAINER: &str = "<?xml version=\"1.0\"?><container><rootfiles>\
    <rootfile full-path=\"music/score.xml\" media-type=\"application/vnd.recordare.musicxml+xml\"/>\
    <rootfile full-path=\"score.pdf\" media-type=\"application/pdf\"/></rootfiles></container>";

/// A second, as it is built for use.
const SOON_SECS: f64 = if cfg!(debug_assertions) { 10.0 } else { 1.0 };

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn compressed_scores_are_read_by_their_container() {
    let (wanted, other) = (one_part(&[&whole("C4")]), one_part(&[&whole("D4")]));
    let expected = read(&wanted);
    let with_container = archive(&[
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("a.xml", other.as_bytes()),
        ("music/score.xml", wanted.as_bytes()),
    ]);
    let without = archive(&[("picture.png", b"x".as_slice()), ("score.musicxml", wanted.as_bytes())]);
    for bytes in [with_container, without] {
        assert_eq!(read_score("a.mxl", &bytes, &ImportOptions::default()).unwrap(), expected);
    }
}

/// What systems put into archives beside the score is passed over, and nobody needs the container.
#[test]
fn archives_of_systems_that_add_files() {
    let wanted = one_part(&[&whole("C4")]);
    let other = one_part(&[&whole("D4")]);
    let junk: [(&str, &[u8]); 3] = [
        ("__MACOSX/._song.xml", b"\0\x05\x16\x07"),
        (".DS_Store", b"\0\0\0\x01Bud1"),
        ("._song.xml", b"\0\x05"),
    ];
    let found = |entries: &[(&str, &[u8])]| {
        let bytes = archive(&[&junk[..], entries].concat());
        read_score("x.mxl", &bytes, &ImportOptions::default()).unwrap().notes[0].pitch
    };
    assert_eq!(found(&[("song.xml", wanted.as_bytes())]), 60);
    assert_eq!(found(&[("folder/song.MUSICXML", wanted.as_bytes())]), 60);
    let container = CONTAINER.replace("music/score.xml", "gone.xml");
    assert_eq!(
        found(&[("META-INF/container.xml", container.as_bytes()), ("song.xml", wanted.as_bytes())]),
        60
    );
    assert_eq!(found(&[("META-INF/container.xml", b"<broken"), ("song.xml", wanted.as_bytes())]), 60);
    let nested = [
        ("song/a.xml", other.as_bytes()),
        ("song/META-INF/container.xml", CONTAINER.as_bytes()),
        ("song/music/score.xml", wanted.as_bytes()),
    ];
    assert_eq!(found(&nested), 60, "the container of a folder that was packed as a whole");
}

#[test]
fn broken_archives_say_so() {
    let text = error(&archive(&[("readme.txt", b"hello")])).to_string();
    assert_eq!(
        text,
        "test.musicxml: the compressed MusicXML archive cannot be opened: no score in it; \
         export it again or unpack it by hand"
    );
    let whole = archive(&[("score.musicxml", one_part(&[&whole("C4")]).as_bytes())]);
    for length in 4..whole.len() {
        assert!(read_score("a.mxl", &whole[..length], &ImportOptions::default()).is_err());
    }
}

#[test]
fn a_zip_bomb_is_refused_soon() {
    let zeros = vec![b' '; 100 << 20];
    let bomb = archive(&[("score.musicxml", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    let started = Instant::now();
    let text = error(&bomb).to_string();
    assert!(started.elapsed().as_secs_f64() < SOON_SECS, "{:?}", started.elapsed());
    assert_eq!(
        text,
        "test.musicxml: the file has too many or too large bytes unpacked from the archive \
         (limit 67108864); split it"
    );
    let lying = lie_about_size(bomb, 100 << 20, 1_000);
    assert!(error(&lying).to_string().contains("archive"));
    let names: Vec<String> = (0..2_000).map(|k| format!("{k}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), b"<a/>".as_slice())).collect();
    assert!(error(&archive(&many)).to_string().contains("files in the archive (limit 1000)"));
}

/// The same archive with another unpacked size in its headers.
fn lie_about_size(mut bytes: Vec<u8>, size: u32, lie: u32) -> Vec<u8> {
    let mut changed = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size.to_le_bytes() {
            bytes[at..at + 4].copy_from_slice(&lie.to_le_bytes());
            changed += 1;
        }
    }
    assert!(changed > 0);
    bytes
}

#[test]
fn messages_name_the_file_and_the_place() {
    let xml = one_part(&[&whole("C4"), &format!("{}\n{}", note("D4", 8, ""), note("E4", 8, ""))]);
    let cut = xml.find("<step>E").unwrap();
    assert_eq!(
        error(&xml.as_bytes()[..cut]).to_string(),
        "test.musicxml: broken XML at part P1, measure 2, line 10: the text ends before the score does; \
         the file may be cut short, export it again"
    );
    let crossed = xml.replacen("</pitch>", "</note>", 1);
    assert_eq!(
        error(crossed.as_bytes()).to_string(),
        "test.musicxml: broken XML at part P1, measure 1, line 6: ill-formed document: expected `</pitch>`, \
         but `</note>` was found; the file may be cut short, export it again"
    );
    assert_eq!(error(b"").to_string(), "test.musicxml: the file is empty; export the score again");
    assert_eq!(
        error(b"\x89PNG\r\n\x1a\n").to_string(),
        "test.musicxml: this is neither MusicXML (.musicxml, .xml, .mxl) nor a Standard MIDI File (.mid); \
         it starts with \\x89PNG\\r\\n\\x1a\\n"
    );
    assert_eq!(
        error(b"<html><body/></html>").to_string(),
        "test.musicxml: the XML is not a MusicXML score: its root element is <html>, \
         not <score-partwise> or <score-timewise>"
    );
    assert_eq!(
        error(one_part(&["<note><rest/><duration>16</duration></note>"]).as_bytes()).to_string(),
        "test.musicxml: the score has no notes; check that it was exported with its music"
    );
    assert_eq!(
        error(b"<?xml version=\"1.0\" encoding=\"klingon\"?><score-partwise>\xff</score-partwise>")
            .to_string(),
        "test.musicxml: the text is not valid klingon; export the score again as UTF-8"
    );
    let mut utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(xml.bytes().flat_map(|b| [b, 0])).collect();
    // Half of a pair.
    utf16[100..102].copy_from_slice(&[0x00, 0xd8]);
    assert!(matches!(error(&utf16), ImportError::InFile { .. }));
}

/// Found by fuzzing: such scores were read as ones without notes or without measures.
#[test]
fn a_score_that_lasts_no_time_has_a_measure() {
    let score = |duration: i32| {
        format!(
            "<score-partwise><part-list><score-part id=\"P1\"><part-name>Piano</part-name></score-part></part-list>\
             <part id=\"P1\"><measure><note><pitch><step>C</step><octave>4</octave></pitch>\
             <duration>{duration}</duration></note></measure></part></score-partwise>"
        )
    };
    for duration in [0, -1] {
        let score = read(&score(duration));
        assert_eq!((score.measures.len(), score.notes.len()), (1, 1), "{duration}");
        assert!(score.warnings.iter().any(|w| w.message.contains("neither notes nor rests")));
    }
}

#[test]
fn entities_are_not_expanded_and_depth_is_bounded() {
    let laughs = "<!DOCTYPE score-partwise [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let xml = one_part(&[&whole("C4")]).replace("<score-partwise", &format!("{laughs}<score-partwise"));
    let xml = xml.replace("<part-name>Piano", "<part-name>P&b;o");
    assert_eq!(read(&xml).parts[0].name, "Po");
    let deep = one_part(&[&"<a>".repeat(100_000)]);
    assert!(error(deep.as_bytes()).to_string().contains("nested XML elements (limit 64)"));
}

#[test]
fn limits_are_kept() {
    let refused = |xml: &str, limits: Limits| {
        let options = ImportOptions { limits, ..ImportOptions::default() };
        read_score("x", xml.as_bytes(), &options).unwrap_err().to_string()
    };
    let xml = one_part(&[&whole("C4"), &whole("D4"), &whole("E4")]);
    let limits = Limits::default;
    assert!(refused(&xml, Limits { notes: 2, ..limits() }).contains("notes (limit 2)"));
    assert!(refused(&xml, Limits { measures: 2, ..limits() }).contains("measures (limit 2)"));
    assert!(refused(&xml, Limits { quarters: 8, ..limits() }).contains("quarters (limit 8)"));
    assert!(refused(&xml, Limits { parts: 0, ..limits() }).contains("parts (limit 0)"));
    assert!(refused(&xml, Limits { bytes: 100, ..limits() }).contains("bytes (limit 100)"));
    let huge = one_part(&[&whole("C4").replace(">16<", ">99999999999<")]);
    assert!(refused(&huge, limits()).contains("quarters in a duration"));
    let primes = [999_983, 999_979, 999_961]
        .map(|p| format!("<attributes><divisions>{p}</divisions></attributes>{}", note("C4", 1, "")));
    assert!(refused(&one_part(&primes.each_ref().map(String::as_str)), limits()).contains("divisions"));
}

#[test]
fn large_nonsense_is_answered_soon() {
    let mut bytes = one_part(&[]).into_bytes();
    bytes.resize(100 << 20, b' ');
    let started = Instant::now();
    assert!(error(&bytes).to_string().contains("bytes (limit"));
    assert!(started.elapsed().as_secs_f64() < SOON_SECS);
}

/// Patterns that would cost time or memory by the square if nothing held them back.
#[test]
fn swollen_scores_are_answered_soon() {
    let direction =
        |inside: &str| format!("<direction><direction-type>{inside}</direction-type></direction>");
    let wedges = direction("<wedge type=\"crescendo\" number=\"1\"/>")
        + &direction("<wedge type=\"stop\" number=\"2\"/>");
    let many_dashes = "<words>x</words>".repeat(12_500) + &"<dashes type=\"start\"/>".repeat(12_500);
    let close = "<barline><repeat direction=\"backward\" times=\"16\"/></barline>";
    let ending = "<barline location=\"left\"><ending number=\"1-16\" type=\"start\"/></barline>";
    let stop = "<barline><ending number=\"1\" type=\"stop\"/><repeat direction=\"backward\"/></barline>";
    let key = "<attributes><key><fifths>1</fifths></key></attributes><attributes><key><fifths>2</fifths></key></attributes>";
    let c4 = note("C4", 1, "");
    let tied = note("C4", 1, "<tie type=\"stop\"/><tie type=\"start\"/>");
    let slur = note("C4", 1, "<notations><slur number=\"1\" type=\"start\"/></notations>");
    let texts = [
        one_part(&[&c4, &wedges.repeat(25_000)]),
        one_part(&[&c4, &direction(&many_dashes)]),
        one_part(&[&(c4.clone() + close)].repeat(5_000).iter().map(|m| m.as_str()).collect::<Vec<_>>()),
        one_part(&vec![format!("{ending}{c4}{stop}").as_str(); 2_500]),
        one_part(&[&(c4.clone() + &(close.to_owned() + &c4).repeat(1_000))]),
        one_part(&[&(key.repeat(12_500) + &c4 + close), &(c4.clone() + close)]),
        one_part(&[
            &c4,
            &(0..20_000)
                .map(|k| direction(&format!("<words>poco più mosso {k}</words>")))
                .collect::<String>(),
        ]),
        one_part(&[&tied.repeat(25_000)]),
        one_part(&[&slur.repeat(25_000)]),
        one_part(&vec![c4.as_str(); 50_000]),
        one_part(&[&c4]).replace("number=\"1\"", &format!("number=\"{}\"", "1".repeat(5 << 20))),
    ];
    for (k, text) in texts.iter().enumerate() {
        let started = Instant::now();
        let read = read_score("x", text.as_bytes(), &ImportOptions::default());
        let secs = started.elapsed().as_secs_f64();
        println!(
            "{k}: {:6.1} MB, {secs:.3} s, {:?}",
            text.len() as f64 / 1e6,
            read.map(|s| s.notes.len()).map_err(|e| e.to_string())
        );
        assert!(secs < SOON_SECS, "pattern {k}: {secs} s");
    }
}

/// A score with something of everything.
fn rich() -> String {
    let marks = "<notations><tied type=\"start\"/><slur number=\"1\" type=\"start\"/><articulations><staccato/>\
                 </articulations><ornaments><tremolo>3</tremolo></ornaments></notations>";
    let sign = "<barline location=\"left\"><ending number=\"1\" type=\"start\"/><repeat direction=\"forward\"/></barline>";
    let first =
        "<direction><direction-type><words>Allegro &amp; presto</words></direction-type><offset>-2</offset>\
                 <staff>1</staff><sound tempo=\"120\" segno=\"s\"/></direction>"
            .to_owned()
            + &note("C4", 4, "<grace slash=\"yes\"/>")
            + &note("C4", 8, &format!("<tie type=\"start\"/><voice>1</voice>{marks}"))
            + &note("E4", 8, "<chord/>")
            + "<backup><duration>8</duration></backup>"
            + &note("C3", 16, "<voice>2</voice><staff>2</staff>");
    let second = sign.to_owned()
        + "<direction><direction-type><wedge type=\"crescendo\"/></direction-type></direction>"
        + &note("C4", 8, "<tie type=\"stop\"/><notations><slur number=\"1\" type=\"stop\"/></notations>")
        + "<direction><direction-type><wedge type=\"stop\"/></direction-type><sound dalsegno=\"s\"/></direction>"
        + "<barline><ending number=\"1\" type=\"stop\"/><repeat direction=\"backward\"/></barline>";
    one_part(&[&first, &second, &whole("G4")])
}

fn answers_soon(bytes: &[u8]) {
    let started = Instant::now();
    if let Ok(score) = read_score("x", bytes, &ImportOptions::default()) {
        assert!(score.measures.windows(2).all(|m| m[0].end == m[1].start));
        assert!(score.notes.iter().all(|n| (n.measure as usize) < score.measures.len()));
        assert!(score.notes.iter().all(|n| (n.part as usize) < score.parts.len()));
    }
    assert!(started.elapsed().as_secs_f64() < SOON_SECS);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cut_files_never_panic(length in 0..rich().len()) {
        answers_soon(&rich().as_bytes()[..length]);
    }

    #[test]
    fn flipped_bytes_never_panic(flips in prop::collection::vec((0..rich().len(), any::<u8>()), 1..20)) {
        let mut bytes = rich().into_bytes();
        for (at, byte) in flips {
            bytes[at] = byte;
        }
        answers_soon(&bytes);
    }

    #[test]
    fn swapped_words_never_panic(swaps in prop::collection::vec((0..200_usize, 0..200_usize), 1..10)) {
        let text = rich();
        let mut pieces: Vec<&str> = text.split_inclusive('>').collect();
        for (a, b) in swaps {
            let count = pieces.len();
            pieces.swap(a % count, b % count);
        }
        answers_soon(pieces.concat().as_bytes());
    }

    #[test]
    fn changed_numbers_never_panic(numbers in prop::collection::vec(any::<i64>(), 8), which in 0..40_usize) {
        let text = rich();
        let mut out = String::new();
        let mut digits = 0;
        for (k, piece) in text.split('>').enumerate() {
            let numeric = piece.split('<').next().is_some_and(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()));
            if numeric {
                digits += 1;
            }
            if k > 0 {
                out.push('>');
            }
            match piece.split_once('<') {
                Some((_, rest)) if numeric && digits % 7 == which % 7 => {
                    out.push_str(&format!("{}<{rest}", numbers[k % numbers.len()] >> (which % 60)));
                }
                _ => out.push_str(piece),
            }
        }
        answers_soon(out.as_bytes());
    }

    #[test]
    fn damaged_archives_never_panic(flips in prop::collection::vec((0..400_usize, any::<u8>()), 1..10)) {
        let mut bytes = archive(&[("META-INF/container.xml", CONTAINER.as_bytes()), ("music/score.xml", rich().as_bytes())]);
        for (at, byte) in flips {
            let count = bytes.len();
            bytes[at % count] = byte;
        }
        answers_soon(&bytes);
    }
}
