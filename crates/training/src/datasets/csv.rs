//! Tables in text files: comma-separated values with quotes, and tab-separated values.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// A line of a table and its number in the file, from 1.
pub struct Line {
    /// Its number.
    pub number: usize,
    /// Its fields.
    pub fields: Vec<String>,
}

/// Reads a whole text file. Bytes that are no UTF-8 become replacement characters.
///
/// # Errors
/// When the file cannot be read.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The lines of a table that hold anything, cut at `separator`. A field in double quotes may hold
/// the separator, and `""` for a quote; it may not hold a line break.
pub fn lines(text: &str, separator: char) -> Vec<Line> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(k, line)| Line { number: k + 1, fields: fields(line, separator) }).collect()
}

fn fields(line: &str, separator: char) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let Some(field) = fields.last_mut() else { break };
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            c if c == separator && !quoted => fields.push(String::new()),
            c => field.push(c),
        }
    }
    fields
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_separators_and_quotes() {
        let read = lines("a,\"b, c\",\"d \"\"e\"\"\"\n\n,x,\n", ',');
        assert_eq!(read[0].fields, ["a", "b, c", "d \"e\""]);
        assert_eq!((read[1].number, read[1].fields.as_slice()), (3, &["", "x", ""].map(String::from)[..]));
        assert_eq!(lines("n1-1\tn2\t59", '\t')[0].fields.len(), 3);
    }
}
