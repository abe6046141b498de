//! What networks read of a score: one row of numbers a note.
//!
//! The paper's four (pitch, position, shift, duration; SyMuPe A.2) and what else a pianist reads:
//! voicing, melody neighbours, metre, dynamics, hairpins, tempo marks, articulations, slurs, the
//! place in the piece, keys and voices, phrases, harmony, what is coming and how the KTH rules would
//! play. All are scaled to about -2..2.

mod columns;
mod context;
mod form;
mod hands;
mod marks;
mod pitch;
mod row;
mod schema;
mod structure;
mod time;
mod voices;

use std::ops::Range;

pub use columns::{
    LOG_BEAT_PERIOD, PITCH, PITCH_SCALE, WIDTH, flatten, log_beat_period_feature, set_log_beat_periods,
};
use context::Context;
use notation::{Note, Score};
use row::Row;
pub use schema::REVISION;

/// Features of all notes of a score, `[notes, WIDTH]` row by row.
pub fn of(score: &Score) -> Vec<f32> {
    let context = Context::of(score);
    let mut table = Vec::with_capacity(score.notes.len() * WIDTH);
    for (index, note) in score.notes.iter().enumerate() {
        let start = table.len();
        let mut row = Row { values: &mut table, start };
        for group in &GROUPS {
            let filled = row.values.len();
            (group.fill)(&mut row, note, index, &context);
            debug_assert_eq!(row.values.len() - filled, group.width, "{}", group.name);
        }
        row.finish();
    }
    table
}

/// Columns that describe one thing together.
struct Group {
    name: &'static str,
    width: usize,
    fill: fn(&mut Row<'_>, &Note, usize, &Context<'_>),
}

const fn group(
    name: &'static str,
    width: usize,
    fill: fn(&mut Row<'_>, &Note, usize, &Context<'_>),
) -> Group {
    Group { name, width, fill }
}

/// What the network reads, group by group, in the order of the columns.
const GROUPS: [Group; 16] = [
    group("pitch", 25, pitch::pitch_features),
    group("durations", 8, |row, note, _, context| time::time_features(row, note, context)),
    group("melody", 7, pitch::line_features),
    group("metre", 16, |row, note, _, context| time::metre_features(row, note, context)),
    group("dynamics", 10, |row, note, _, context| marks::dynamic_features(row, note, context)),
    group("tempo", 8, |row, note, _, context| marks::tempo_features(row, note, context)),
    group("marks", 12, |row, note, _, _| marks::mark_features(row, note)),
    group("place", 6, |row, note, _, context| time::place_features(row, note, context)),
    group("slurs", 5, marks::slur_features),
    group("keys", 3, hands::key_features),
    group("voices", 12, hands::voice_features),
    group("reach", 2, hands::reach_features),
    group("phrases", 8, |row, _, index, context| structure::phrase_place_features(row, index, context)),
    group("harmony", 8, |row, _, index, context| structure::harmony_features(row, index, context)),
    group("horizon", 4, |row, note, _, context| structure::horizon_features(row, note, context)),
    group("rules", 4, |row, _, index, context| structure::rule_features(row, index, context)),
];

/// Names of the groups of columns, to leave one out with [`columns()`] and [`flatten`].
pub fn groups() -> [&'static str; 16] {
    GROUPS.map(|group| group.name)
}

/// The columns of each group, in the order of [`groups`].
pub fn columns() -> [Range<usize>; 16] {
    let mut end = 0;
    GROUPS.map(|group| {
        end += group.width;
        end - group.width..end
    })
}

/// The name of this layout and meaning of columns: sixteen hexadecimal digits that change with the
/// groups, their widths and [`REVISION`]. `config.json` of a model has those that it was trained on.
pub fn schema() -> String {
    schema::hash(GROUPS.iter().map(|group| (group.name, group.width)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
