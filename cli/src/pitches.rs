//! Pitches as musicians write them.

/// Two pitches, such as `C3-C6` or, as MIDI numbers, `48-84`.
pub fn pitches(text: &str) -> Result<(u8, u8), String> {
    let wrong = || "write the lowest and the highest note, such as C3-C6 or 48-84".to_owned();
    let (low, high) = text.split_once(['-', '–']).ok_or_else(wrong)?;
    match (pitch(low.trim()), pitch(high.trim())) {
        (Some(low), Some(high)) if low <= high => Ok((low, high)),
        (Some(_), Some(_)) => Err("name the lower note first".to_owned()),
        _ => Err(wrong()),
    }
}

/// A pitch by its MIDI number, or by its name and octave: `C4`, `f#3`, `B♭5`.
fn pitch(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse::<u8>() {
        return Some(number).filter(|number| *number < 128);
    }
    let mut letters = text.chars();
    let step = match letters.next()?.to_ascii_uppercase() {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let rest = letters.as_str();
    let (alter, octave) = match rest.chars().next()? {
        '#' | '♯' => (1, rest.trim_start_matches(['#', '♯'])),
        'b' | '♭' => (-1, rest.trim_start_matches(['b', '♭'])),
        _ => (0, rest),
    };
    let octave = octave.parse::<u8>().ok().filter(|octave| *octave < 10)?;
    u8::try_from(12 * (i32::from(octave) + 1) + step + alter).ok().filter(|number| *number < 128)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// MIDI's numbers: middle C is 60, the A of 440 Hz is 69, a piano goes from A0, 21, to C8, 108.
    #[test]
    fn pitches_have_names_and_numbers() {
        assert_eq!(pitches("A0-C8").unwrap(), (21, 108));
        assert_eq!(pitches("60 – a4").unwrap(), (60, 69));
        assert_eq!(pitches("f#3-B♭5").unwrap(), (54, 82));
        for wrong in ["C3", "C3-", "60-128", "H3-C4", "C10-C11", "3C-C4", "", "-"] {
            assert!(pitches(wrong).is_err(), "{wrong}");
        }
        assert_eq!(pitches("C6-C3").unwrap_err(), "name the lower note first");
    }
}
