//! Text that a file holds, made fit to be shown.

use std::borrow::Cow;

/// Whether a character has no place in a line of text: control characters, and those that turn the
/// direction of writing around.
fn is_unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text on one line without control characters: runs of white space and of characters that do
/// not belong into a line become one space, and none is left at either end.
///
/// A title may hold escape sequences that a terminal obeys, or characters that turn the writing
/// around; neither survives this.
pub fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_unfit(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The text without control characters but line breaks and tabs.
pub fn printable(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_layout = |c: char| matches!(c, '\n' | '\t');
    if text.chars().all(|c| is_layout(c) || !is_unfit(c)) {
        return text;
    }
    Cow::Owned(text.chars().filter(|c| is_layout(*c) || !is_unfit(*c)).collect())
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
        assert!(matches!(printable(Cow::Borrowed("dolce")), Cow::Borrowed("dolce")));
    }
}
