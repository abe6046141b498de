//! The day on which a page is printed.

use std::time::{SystemTime, UNIX_EPOCH};

/// Names of the months and how many days they have.
const MONTHS: [(&str, u64); 12] = [
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];

/// Today, such as `3 May 2026`, in universal time.
pub(crate) fn today() -> String {
    let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    date(secs / 86_400)
}

/// A day in words, by its number since the first of January 1970.
fn date(mut days: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    for (month, length) in MONTHS {
        let length = length + u64::from(month == "February" && is_leap(year));
        if days < length {
            return format!("{} {month} {year}", days + 1);
        }
        days -= length;
    }
    year.to_string()
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_are_those_of_the_calendar() {
        // By `date -u -d @SECONDS`.
        let days = [0, 11_016, 19_782, 20_786].map(date);
        assert_eq!(days, ["1 January 1970", "29 February 2000", "29 February 2024", "29 November 2026"]);
    }
}
