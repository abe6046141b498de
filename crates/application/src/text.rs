//! What files say (titles, names, paths), made fit to be shown: in a terminal, in the window and its title,
//! in messages and reports, in names of files.
//!
//! A file may say anything. Control characters move the cursor of a terminal or ring its bell, marks of
//! direction make a name read as another one, and nobody reads a title of a million letters.

pub use notation::text::is_visible;

/// Characters of a single value; the rest is left out.
pub const LONGEST_CHARS: usize = 300;

/// Characters of a message or another line.
const LONGEST_LINE_CHARS: usize = 4000;

/// One value in one line: without control characters and marks of direction, spaces as single ones, and
/// not longer than [`LONGEST_CHARS`].
pub fn shown(text: &str) -> String {
    one_line(text, LONGEST_CHARS)
}

/// A whole message in one line, of which files say only some: as [`shown`], but longer.
pub fn shown_message(text: &str) -> String {
    one_line(text, LONGEST_LINE_CHARS)
}

/// A number of things: `1 note`, `2 notes`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Text of several lines for a terminal: line breaks and runs of spaces stay, and a line may be as long
/// as a message.
pub fn shown_lines(text: &str) -> String {
    let line = |line: &str| -> String {
        let visible = line.chars().filter(|c| is_visible(*c) || *c == '\t');
        cut(visible, LONGEST_LINE_CHARS)
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn one_line(text: &str, longest_chars: usize) -> String {
    let mut shown = String::new();
    // What comes after that many characters is not even looked at.
    let visible = text.chars().take(8 * longest_chars).map(|c| if c.is_whitespace() { ' ' } else { c });
    for c in visible.filter(|c| is_visible(*c)) {
        if c != ' ' || !(shown.is_empty() || shown.ends_with(' ')) {
            shown.push(c);
        }
    }
    cut(shown.trim_end().chars(), longest_chars)
}

/// At most so many characters, the last of them an ellipsis if some are left out.
fn cut(chars: impl Iterator<Item = char>, longest_chars: usize) -> String {
    let mut chars = chars.peekable();
    let mut text: String = chars.by_ref().take(longest_chars).collect();
    if chars.peek().is_some() {
        text.pop();
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(shown("\u{1b}[31mRed\u{7}\u{9b}2J\r\nline\u{0}"), "[31mRed2J line");
        assert_eq!(shown_lines("a\u{1b}[2J\tb\r\n  c\u{8}"), "a[2J\tb\n  c");
    }

    #[test]
    fn nothing_reads_as_something_else() {
        assert_eq!(shown("score\u{202e}iscm\u{202c}.mid"), "scoreiscm.mid");
        assert_eq!(shown("a\u{200b}\u{2066}b\u{2028}c\u{feff}"), "ab c");
    }

    #[test]
    fn what_musicians_write_stays_as_it_is() {
        let title = "Préludes, Op. 28 Nº 7 – “Andantino” (♩ = 66) 前奏曲 פרלוד";
        assert_eq!(shown(title), title);
        assert_eq!(shown("  two \t words\n"), "two words");
    }

    #[test]
    fn endless_text_ends() {
        let long = shown(&"la".repeat(1_000_000));
        assert_eq!((long.chars().count(), long.ends_with('…')), (LONGEST_CHARS, true));
        assert_eq!(shown(&"x".repeat(LONGEST_CHARS)).chars().count(), LONGEST_CHARS);
        assert!(shown_lines(&"la".repeat(1_000_000)).len() < 5000);
        assert!(shown_message(&"la".repeat(1_000_000)).len() < 5000);
    }
}
