//! What all commands take that train a network, and how they train.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Arg;
use neural::device::Chosen;
use training::Plan;

use crate::options::Device;
use crate::training_device::settle_default_device;
use crate::{failure, running};

/// What runs of all networks take that learn from packed files. What stands if nothing is said differs from network to
/// network: [`standing`] gives it.
#[derive(clap::Args, Clone, Debug)]
pub struct RunOptions {
    /// Where checkpoint, curve and model go
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Steps in all, counted from the start of the run
    #[arg(long, value_name = "N")]
    pub steps: usize,

    /// Windows in a step
    #[arg(long, value_name = "N")]
    pub batch: usize,

    /// Learning rate after the warm-up
    #[arg(long, value_name = "X")]
    pub learning_rate: f64,

    /// Seed: the same number on the same device gives the same weights
    #[arg(long, value_name = "N")]
    pub seed: u64,

    /// Save and stop after so many minutes
    #[arg(long, value_name = "X")]
    pub minutes: Option<f64>,

    /// Parts of a batch computed side by side; 1 on a graphics processor
    #[arg(long, value_name = "N")]
    pub workers: usize,

    /// Width of the network of a new run
    #[arg(long, value_name = "N")]
    pub hidden: usize,

    /// Width within the feed-forward of a new run
    #[arg(long, value_name = "N")]
    pub feed_forward: usize,

    /// Heads of a new run
    #[arg(long, value_name = "N")]
    pub heads: usize,

    /// Width of a head of a new run
    #[arg(long, value_name = "N")]
    pub head: usize,

    #[command(flatten)]
    device: Device,
}

/// Gives the options of a command what stands if nothing is said: those of a plan, and width, width within the
/// feed-forward, heads and width of a head.
pub fn standing(plan: &Plan, sizes: &[usize; 4]) -> impl FnMut(Arg) -> Arg + use<> {
    let [hidden, feed_forward, heads, head] = *sizes;
    let values = [
        ("out", plan.out.display().to_string()),
        ("steps", plan.steps.to_string()),
        ("batch", plan.batch.to_string()),
        ("learning_rate", plan.learning_rate.to_string()),
        ("seed", plan.seed.to_string()),
        ("workers", plan.workers.to_string()),
        ("hidden", hidden.to_string()),
        ("feed_forward", feed_forward.to_string()),
        ("heads", heads.to_string()),
        ("head", head.to_string()),
    ];
    move |option| match values.iter().find(|(id, _)| option.get_id() == *id) {
        Some((_, value)) => option.required(false).default_value(value.clone()),
        None => option,
    }
}

impl RunOptions {
    /// What the options say; `plan` has what they do not.
    pub fn plan(&self, plan: Plan) -> Result<Plan> {
        for (name, value) in [("--batch", self.batch), ("--workers", self.workers), ("--heads", self.heads)] {
            ensure!(value > 0, "{name} must be at least 1");
        }
        ensure!(self.learning_rate > 0.0, "--learning-rate must be more than 0");
        Ok(Plan {
            out: self.out.clone(),
            steps: self.steps,
            batch: self.batch,
            learning_rate: self.learning_rate,
            seed: self.seed,
            workers: self.workers,
            at_most: at_most(self.minutes)?,
            ..plan
        })
    }

    /// Width, width within the feed-forward, heads and width of a head of a new run.
    pub fn sizes(&self) -> [usize; 4] {
        [self.hidden, self.feed_forward, self.heads, self.head]
    }

    /// Has `learn` train until it is done, stopped or out of time.
    pub fn train(&self, learn: &Learn<'_>) -> Result<ExitCode> {
        train(self.device, learn)
    }
}

/// Trains on a device until all is done, or until it is told to stop.
pub type Learn<'a> = dyn Fn(Chosen, &dyn Fn() -> bool) -> Result<PathBuf> + 'a;

/// Readies the device and has `learn` train on it; the first Ctrl-C asks it to save and stop.
pub fn train(device: Device, learn: &Learn<'_>) -> Result<ExitCode> {
    let chosen = device.choose()?;
    settle_default_device(chosen.info.kind)?;
    eprintln!("training on {} ({})", chosen.info.name, chosen.info.backend);
    let stop = running::on_interrupt_patiently(|| eprintln!("saving the checkpoint"))?;
    learn(chosen, &|| stop.asked())?;
    Ok(if stop.asked() { ExitCode::from(failure::STOPPED) } else { ExitCode::SUCCESS })
}

/// How long a run goes on at most.
pub fn at_most(minutes: Option<f64>) -> Result<Option<Duration>> {
    let time = minutes.map(|minutes| Duration::try_from_secs_f64(minutes * 60.0)).transpose();
    time.context("--minutes must be a number of minutes")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::*;

    fn parsed<A: Args + FromArgMatches>(words: &[&str]) -> A {
        let words = [&["train"], words].concat();
        let matches = A::augment_args(Command::new("train")).try_get_matches_from(words).unwrap();
        A::from_arg_matches(&matches).unwrap()
    }

    #[derive(Args)]
    #[command(mut_args(standing(&Plan { steps: 7, ..Plan::default() }, &[1, 2, 3, 4])))]
    struct Seven {
        #[command(flatten)]
        run: RunOptions,
    }

    #[derive(Args)]
    #[command(mut_args(standing(&Plan::default(), &[5, 6, 7, 8])))]
    struct Usual {
        #[command(flatten)]
        run: RunOptions,
    }

    #[test]
    fn what_stands_is_each_networks_own() {
        let (seven, usual) = (parsed::<Seven>(&[]).run, parsed::<Usual>(&[]).run);
        assert_eq!(seven.plan(Plan::default()).unwrap(), Plan { steps: 7, ..Plan::default() });
        assert_eq!(usual.plan(Plan::default()).unwrap(), Plan::default());
        assert_eq!(seven.sizes(), [1, 2, 3, 4]);
        assert_eq!(usual.sizes(), [5, 6, 7, 8]);
    }

    #[test]
    fn what_is_said_counts_and_what_cannot_be_is_refused() {
        let run = parsed::<Seven>(&["--steps", "9", "--minutes", "0.5", "--learning-rate", "0.01"]).run;
        let plan = run.plan(Plan::default()).unwrap();
        assert_eq!((plan.steps, plan.learning_rate), (9, 0.01));
        assert_eq!(plan.at_most, Some(Duration::from_secs(30)));
        let refused =
            |words: &[&str]| parsed::<Seven>(words).run.plan(Plan::default()).unwrap_err().to_string();
        assert_eq!(refused(&["--batch", "0"]), "--batch must be at least 1");
        assert_eq!(refused(&["--learning-rate", "0"]), "--learning-rate must be more than 0");
        assert_eq!(refused(&["--minutes", "NaN"]), "--minutes must be a number of minutes");
    }
}
