//! Text that a file holds, made fit to be shown.

use std::borrow::Cow;

/// Whether a character shows as itself: no control character, no mark that changes the direction of what
/// is around it (Unicode Standard Annex 9, 2), nothing invisible that makes two names look alike, and no line
/// break of Unicode's own.
pub fn is_visible(c: char) -> bool {
    let is_directional =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_invisible = matches!(c, '\u{ad}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !is_directional && !is_invisible
}

/// The text on one line: runs of white space and of control characters become one space, none is left at
/// either end, and other characters that are not visible go.
///
/// A title may hold escape sequences that a terminal obeys, or characters that turn the writing
/// around; neither survives this.
pub fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.map(|word| word.chars().filter(|c| is_visible(*c)).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text without control characters but line breaks and tabs.
pub fn printable(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_layout = |c: char| matches!(c, '\n' | '\t');
    if text.chars().all(|c| is_layout(c) || is_visible(c)) {
        return text;
    }
    Cow::Owned(text.chars().filter(|c| is_layout(*c) || is_visible(*c)).collect())
}

/// The first characters of a text.
pub fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_turned_writing_are_taken_out() {
        let hostile = "A\u{1b}[31mRED\u{1b}]0;pwn\u{7}\u{8}B\nC\u{9b}D \u{202e}evil\u{2066}";
        assert_eq!(one_line(hostile), "A [31mRED ]0;pwn B C D evil");
        assert_eq!(one_line("  Für   Elise\t(Bagatelle) "), "Für Elise (Bagatelle)");
        assert_eq!(printable(Cow::Borrowed("a\u{1b}\nb")), "a\nb");
        assert_eq!(one_line("Noc\u{ad}turne\u{200b}"), "Nocturne");
        assert!(matches!(printable(Cow::Borrowed("dolce")), Cow::Borrowed("dolce")));
    }
}
