//! What a model writes of segments when it is asked for similarities, as `espressivo vary` does.
//!
//! It is by far the most that is computed: a variation is the best of a dozen attempts. So every one of them is made
//! once, whatever is read from it, and segments are varied side by side on all cores. What is found of a segment
//! depends on nothing but its seed, so the number of threads changes nothing.

use anyhow::Result;
use performers::composer::Variation;
use rayon::prelude::*;

use super::dial::{self, DIALS};
use super::ordered::{self, ORDERED};
use super::subject::{Segment, Subject};
use super::written::Asked;

/// Segments between two reports of how it goes.
const PART: usize = 50;

/// Varies all segments, `count` times at [`ORDERED`]. `say` hears what is found so far.
pub(super) fn ask(
    subject: &Subject,
    segments: &[Segment],
    count: usize,
    say: &dyn Fn(&str),
) -> Result<Vec<Asked>> {
    let mut asked = Vec::with_capacity(segments.len());
    for part in segments.chunks(PART) {
        let found: Vec<Asked> =
            part.par_iter().map(|segment| one(subject, segment, count)).collect::<Result<_>>()?;
        asked.extend(found);
        let (dial, ordered) = (dial::row(&asked), ordered::judge(segments, &asked, count));
        say(&format!(
            "{} of {} segments: rank correlation {:.3}, in order at 70 {:.1} %",
            asked.len(),
            segments.len(),
            dial.rank_correlation,
            100.0 * ordered.all
        ));
    }
    Ok(asked)
}

fn one(subject: &Subject, segment: &Segment, count: usize) -> Result<Asked> {
    let once = |similarity: &f64| -> Result<Option<Variation>> {
        Ok(subject.vary(segment, *similarity, 1)?.into_iter().next())
    };
    Ok(Asked {
        dial: DIALS.iter().map(once).collect::<Result<_>>()?,
        ordered: subject.vary(segment, ORDERED, count)?,
    })
}
