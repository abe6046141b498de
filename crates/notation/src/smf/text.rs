//! Names and other texts of MIDI files, which do not say in which encoding they are.

use std::borrow::Cow;

use encoding_rs::{Encoding, SHIFT_JIS, WINDOWS_1252};

use crate::text;

/// Longest text that is kept, in characters.
const LONGEST: usize = 200;

/// A name or another text of the file in a form that can be shown.
pub(super) fn shown(bytes: &[u8]) -> String {
    text::shortened(&text::one_line(&decoded(bytes)), LONGEST)
}

/// The text of some bytes: by their byte order mark, else as UTF-8 if they are that, else as Shift-JIS if they
/// look like Japanese, else as Windows-1252, which holds Latin-1.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let japanese = has_japanese_words(bytes).then(|| SHIFT_JIS.decode(bytes));
    match japanese {
        Some((text, _, false)) => text,
        _ => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Whether two characters of two bytes follow each other, one of which begins with a byte that other encodings
/// have for rare signs: letters with accents and quotation marks alone stand between others of one byte.
fn has_japanese_words(bytes: &[u8]) -> bool {
    let (mut at, mut before) = (0, None);
    while at < bytes.len() {
        let lead = bytes[at];
        let is_wide = matches!(lead, 0x81..=0x9f | 0xe0..=0xfc);
        let is_pair = is_wide && matches!(bytes.get(at + 1), Some(0x40..=0x7e | 0x80..=0xfc));
        let is_rare_elsewhere = lead < 0xa0;
        if is_pair && before.is_some_and(|rare: bool| rare || is_rare_elsewhere) {
            return true;
        }
        before = is_pair.then_some(is_rare_elsewhere);
        at += if is_pair { 2 } else { 1 };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_the_encodings_of_the_field() {
        let (japanese, _, _) = SHIFT_JIS.encode("エリーゼのために Op.1");
        let (kanji, _, _) = SHIFT_JIS.encode("月光 (第1楽章)");
        assert_eq!(shown(&japanese), "エリーゼのために Op.1");
        assert_eq!(shown(&kanji), "月光 (第1楽章)");
        assert_eq!(shown("Für Elise – ноктюрн".as_bytes()), "Für Elise – ноктюрн");
        assert_eq!(shown(b"F\xfcr Elise"), "Für Elise");
        assert_eq!(
            shown(b"Fr\xe9d\xe9ric, \xc9tude \xab\xe0 la d\xe9rob\xe9e\xbb"),
            "Frédéric, Étude «à la dérobée»"
        );
        assert_eq!(shown(b"Don\x92t \x93stop\x94 \x96 now"), "Don’t “stop” – now");
        assert_eq!(shown(b"\xff\xfeF\x00\xfc\x00r\x00"), "Für");
        assert_eq!(shown(b"a\x1b[31mb\x00"), "a [31mb");
        assert_eq!(shown(b""), "");
    }
}
