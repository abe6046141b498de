//! Values of notes as they are printed: type, dots and tuplet.

use crate::time::Quarters;

/// So many notes in the time of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tuplet {
    pub actual: u8,
    pub normal: u8,
}

/// The types of notes and their values, longest first; each is half of the one before.
pub(crate) const TYPES: [(&str, Quarters); 14] = [
    ("maxima", Quarters::whole(32)),
    ("long", Quarters::whole(16)),
    ("breve", Quarters::whole(8)),
    ("whole", Quarters::whole(4)),
    ("half", Quarters::whole(2)),
    ("quarter", Quarters::whole(1)),
    ("eighth", Quarters::fraction(1, 2)),
    ("16th", Quarters::fraction(1, 4)),
    ("32nd", Quarters::fraction(1, 8)),
    ("64th", Quarters::fraction(1, 16)),
    ("128th", Quarters::fraction(1, 32)),
    ("256th", Quarters::fraction(1, 64)),
    ("512th", Quarters::fraction(1, 128)),
    ("1024th", Quarters::fraction(1, 256)),
];

/// The value of a note type, such as `eighth`.
pub(crate) fn of_type(name: &str) -> Option<Quarters> {
    TYPES.iter().find(|(kind, _)| *kind == name).map(|(_, plain)| *plain)
}

/// The value of a note of that type with dots, in a tuplet or not.
pub(crate) fn value(plain: Quarters, dots: u32, tuplet: Option<Tuplet>) -> Quarters {
    if dots == 0 && tuplet.is_none() {
        return plain;
    }
    let dots = dots.min(4);
    let (actual, normal) = tuplet.map_or((1, 1), |t| (i64::from(t.actual), i64::from(t.normal)));
    let numerator = plain.numerator() * ((2 << dots) - 1) * normal;
    Quarters::new(numerator, plain.denominator() * (1 << dots) * actual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_tuplets() {
        let written = |kind, dots, tuplet: Option<(u8, u8)>| {
            let tuplet = tuplet.map(|(actual, normal)| Tuplet { actual, normal });
            of_type(kind).map(|plain| value(plain, dots, tuplet).to_string())
        };
        assert_eq!(written("quarter", 0, None).as_deref(), Some("1"));
        assert_eq!(written("half", 2, None).as_deref(), Some("7/2"));
        assert_eq!(written("eighth", 0, Some((3, 2))).as_deref(), Some("1/3"));
        assert_eq!(written("16th", 1, Some((5, 4))).as_deref(), Some("3/10"));
        assert_eq!(written("crotchet", 0, None), None);
    }
}
