//! Whose manner a performance has: the recordings that are named, read by the performer.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use application::reference;
use application::roster::{Ready, Roster};
use performers::{Job, KnobValue, Knobs, PerformerInfo, ReferenceKnob};

use crate::hearing::Ear;
use crate::{input, output, running};

/// The options for the settings of a performer that are read of a recording, in their order.
pub const OPTIONS: [&str; 2] = ["--like", "--like-second"];

/// Whom to play like.
#[derive(clap::Args, Clone, Debug)]
#[command(
    next_help_heading = "Manner (for performers that play like a recording; `espressivo performers` shows which)"
)]
pub struct Likes {
    /// Play in the manner of this recording of any piece: MIDI or sound
    #[arg(long, value_name = "FILE")]
    pub like: Option<PathBuf>,

    /// The score of that recording; without one its beats are estimated
    #[arg(long, value_name = "SCORE", requires = "like")]
    pub like_score: Option<PathBuf>,

    /// And in the manner of this one
    #[arg(long, value_name = "FILE", requires = "like")]
    pub like_second: Option<PathBuf>,

    /// The score of that one
    #[arg(long, value_name = "SCORE", requires = "like_second")]
    pub like_second_score: Option<PathBuf>,
}

/// A recording that is named, for a setting of the performer.
struct Named<'a> {
    option: &'static str,
    file: &'a Path,
    score: Option<&'a Path>,
}

impl Likes {
    /// Fails before any work if the performer does not play like so many recordings, or if such a setting is
    /// written in words.
    pub fn check(&self, info: &PerformerInfo, set: &[(String, String)], roster: &Roster) -> Result<()> {
        for (option, reference) in OPTIONS.into_iter().zip(info.references()) {
            if let Some((id, text)) = set.iter().find(|(id, _)| id == reference.id) {
                bail!("--set {id}={text}: this is read of a recording; write {option} FILE");
            }
        }
        let Some(named) = self.named().nth(info.references().count()) else { return Ok(()) };
        let count = self.named().count();
        let others = roster.infos().filter(|other| other.references().count() >= count);
        let others: Vec<String> = others.map(|other| format!("--performer {}", other.id)).collect();
        let instead = match others.is_empty() {
            true => "nobody here does".to_owned(),
            false => format!("take {}", others.join(" or ")),
        };
        let what = if info.references().count() == 0 { "a recording" } else { "more than one recording" };
        bail!("{}: {} does not play like {what}; {instead}", named.option, info.id)
    }

    /// The manners of the recordings, by the settings of the performer. Takes minutes for sound.
    pub fn read(&self, player: &Ready, ear: &mut Ear) -> Result<Knobs> {
        let references = player.performer.info().references();
        let pairs = references.zip(self.named());
        pairs.map(|(knob, named)| Ok((knob.id.to_owned(), read(player, knob, &named, ear)?))).collect()
    }

    fn named(&self) -> impl Iterator<Item = Named<'_>> {
        let files = [(&self.like, &self.like_score), (&self.like_second, &self.like_second_score)];
        OPTIONS.into_iter().zip(files).filter_map(|(option, (file, score))| {
            Some(Named { option, file: file.as_deref()?, score: score.as_deref() })
        })
    }
}

/// What the performer reads of a recording.
fn read(player: &Ready, knob: ReferenceKnob, named: &Named<'_>, ear: &mut Ear) -> Result<KnobValue> {
    let Named { file, score, .. } = *named;
    let here = || format!("{}", file.display());
    let score = score.map(|path| input::read_score_quietly(path, false)).transpose()?;
    let read = match ear.hear_if_sound(file)? {
        Some(heard) => reference::of_heard(heard, score.as_ref()),
        None => reference::read(file, score.as_ref()),
    };
    let reference = read.with_context(here)?;
    for warning in &reference.warnings {
        output::warn(format_args!("{}: {warning}", file.display()));
    }
    let bar = running::bar(format!("{} listens to {}", player.performer.info().name, reference::name(file)));
    let shown = bar.clone();
    let job = Job::new(move |done| running::advance(&shown, f64::from(done)));
    let cancelled = job.clone();
    running::on_interrupt(move || cancelled.cancel())?;
    let name = reference::name(file);
    let manner = player.performer.manner(&reference.score, &reference.played, &name, &job);
    bar.finish_and_clear();
    let value = KnobValue::Manner(manner.with_context(here)?);
    player.performer.info().knob(knob.id)?.check(&value).with_context(here)?;
    Ok(value)
}

/// Settings as they are told: of a manner its name.
pub fn told(knobs: Knobs) -> Knobs {
    let told = |value: KnobValue| match value {
        KnobValue::Manner(manner) => KnobValue::Choice(manner.name),
        other => other,
    };
    knobs.into_iter().map(|(id, value)| (id, told(value))).collect()
}

#[cfg(test)]
#[path = "like_tests.rs"]
mod tests;
