//! `<sound>`: what a program plays by, beside what is printed.

use super::reader::Reader;
use super::written::{Jump, Passes, Sign, Until};
use super::written_out;
use super::xml::Tag;
use crate::error::ImportError;
use crate::marks::Dynamic;
use crate::swing::Swing;
use crate::tempo::BELIEVABLE_QUARTERS_PER_MINUTE;
use crate::time::Quarters;

/// What one or several `<sound>` elements say.
#[derive(Default)]
pub(super) struct Sound {
    /// Quarters per minute.
    pub tempo: Option<f64>,
    /// The dynamic level nearest to the loudness.
    pub level: Option<Dynamic>,
    pub signs: Vec<Sign>,
    pub swing: Option<Swing>,
    /// The passes in which the tempo holds.
    pub passes: Passes,
    /// Where it holds, from the current point, if the element says so itself.
    pub offset: Option<Quarters>,
}

impl Sound {
    /// Adds what an element says.
    pub fn read<'a>(&mut self, reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
        self.tempo = tempo(reader, tag).or(self.tempo);
        self.level = tag.attribute("dynamics").and_then(|percent| level(&percent)).or(self.level);
        self.signs.extend(signs(reader, tag));
        self.passes = tag.attribute("time-only").map_or(self.passes, |passes| Passes::parse(&passes));
        while let Some(tag) = reader.xml.child()? {
            match tag.name() {
                "swing" => self.swing = Some(swing(reader)?),
                "offset" => self.offset = Some(offset(reader)?),
                _ => reader.xml.skip()?,
            }
        }
        Ok(())
    }
}

/// An `<offset>`, which is given in divisions, in quarters.
pub(super) fn offset(reader: &mut Reader<'_, '_>) -> Result<Quarters, ImportError> {
    let divisions = reader.xml.number::<f64>()?.unwrap_or(0.0);
    let quarters = (divisions / reader.state().divisions as f64).clamp(-999.0, 999.0);
    Ok(Quarters::nearest(quarters, 48))
}

/// Loudness in hundredths of a forte, which is 90 of 127, as the level whose usual velocity is nearest.
fn level(percent: &str) -> Option<Dynamic> {
    let velocity = percent.trim().parse::<f64>().ok().filter(|p| p.is_finite() && *p >= 0.0)? * 0.9;
    let levels = [
        (10.0, Dynamic::Pppp),
        (25.0, Dynamic::Ppp),
        (41.0, Dynamic::Pp),
        (57.0, Dynamic::P),
        (72.0, Dynamic::Mp),
        (88.0, Dynamic::Mf),
        (104.0, Dynamic::F),
        (119.0, Dynamic::Ff),
        (127.0, Dynamic::Fff),
    ];
    let found = levels.into_iter().find(|(below, _)| velocity < *below);
    Some(found.map_or(Dynamic::Ffff, |(_, level)| level))
}

fn tempo<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Option<f64> {
    let written = tag.attribute("tempo")?;
    let is_exact = reader.score.is_exact;
    let is_believed =
        |t: &f64| BELIEVABLE_QUARTERS_PER_MINUTE.contains(t) || (is_exact && written_out::is_tempo(*t));
    let tempo = written.trim().parse::<f64>().ok().filter(is_believed);
    // Some programs write 0 where there is no tempo.
    if tempo.is_none() && written.trim().parse::<f64>() != Ok(0.0) {
        let shown: String = written.chars().take(20).collect();
        reader.warn(format!("a tempo of {shown} quarters a minute is left out"));
    }
    tempo
}

/// The signs among the attributes. A segno or coda may have a name, and so may what leads to it.
fn signs(reader: &mut Reader<'_, '_>, tag: &Tag<'_>) -> Vec<Sign> {
    let mut signs = Vec::new();
    for (attribute, value) in tag.attributes() {
        if matches!(value.trim(), "" | "no") {
            continue;
        }
        let jump = |to_segno, segno| Jump { to_segno, until: Until::Any, with_repeats: true, segno };
        signs.push(match attribute {
            "segno" => Sign::Segno { name: reader.sign_name(&value) },
            "coda" => Sign::Coda { is_word: false, name: reader.sign_name(&value) },
            "fine" => Sign::Fine,
            "tocoda" => Sign::ToCoda { name: reader.sign_name(&value) },
            "dacapo" => Sign::Jump(jump(false, None)),
            "dalsegno" => Sign::Jump(jump(true, reader.sign_name(&value))),
            "forward-repeat" => Sign::RepeatStart,
            _ => continue,
        });
    }
    signs
}

/// The ratio of the two notes of a pair, or even playing, which a ratio of nothing is taken for, too.
fn swing(reader: &mut Reader<'_, '_>) -> Result<Swing, ImportError> {
    let mut swing = Swing::default();
    let mut is_even = false;
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "straight" => {
                is_even = true;
                reader.xml.skip()?;
            }
            "first" => swing.first = reader.xml.number()?.unwrap_or(1),
            "second" => swing.second = reader.xml.number()?.unwrap_or(1),
            "swing-type" if reader.xml.text()? == "16th" => swing.pair = Quarters::new(1, 2),
            "swing-type" => {}
            _ => reader.xml.skip()?,
        }
    }
    is_even |= swing.first == 0 || swing.second == 0;
    Ok(if is_even { Swing::default() } else { swing })
}
