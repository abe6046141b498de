//! `espressivo train xmvae`: train XMVAE.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::xmvae::{self, Options, Weighing};

use crate::run_options::{RunOptions, standing};

const EXAMPLES: &str = "\
`espressivo data ecp` makes the files that this reads. A run keeps its checkpoint and its curve
(curve.csv) in --out. Ctrl-C saves and stops it; the same command goes on from there. The trained model
lies in OUT/model.

Composer and Pianist learn together: of --batch windows of performances how they are played, of --scores
windows of scores how they are written.

Example:
  espressivo data ecp -o runs/ecp
  espressivo train xmvae --ecp runs/ecp --out runs/xmvae";

/// Train XMVAE: play in the manner of a recording, and write new pieces
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES, mut_args(standing(&Options::default().plan, &sizes())))]
#[command(mut_arg("batch", |batch| batch.help("Windows of performances in a step; even")))]
pub struct Args {
    /// The folder that `espressivo data ecp` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/ecp")]
    ecp: PathBuf,

    #[command(flatten)]
    run: RunOptions,

    /// Start a new run from this model's weights instead of random ones
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,

    /// Windows of scores in a step, for what is written
    #[arg(long, value_name = "N", default_value_t = Options::default().scores)]
    scores: usize,

    /// What it counts that manners are spread like normal numbers
    #[arg(long, value_name = "X", default_value_t = Options::default().weighing.beta)]
    beta: f64,

    /// Nats that each number of a manner may tell for nothing
    #[arg(long, value_name = "X", default_value_t = Options::default().weighing.free)]
    free: f64,

    /// Numbers of a manner of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.latent)]
    latent: usize,

    /// Codes of beats of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.codes)]
    codes: usize,

    /// Notes in a window of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.window)]
    window: usize,

    /// Steps in a window of a new run: notes and beats
    #[arg(long = "window-steps", value_name = "N", default_value_t = Options::default().sizes.steps)]
    window_steps: usize,

    /// In a new run, tell each sub-token of a step from the step alone, not from those before it
    #[arg(long)]
    no_sub_token_decoder: bool,

    /// In a new run, leave out attention within the beat
    #[arg(long)]
    no_beat_attention: bool,

    /// In a new run, tell what is played without the straight line through the features that is fitted first
    #[arg(long)]
    no_line: bool,
}

/// Trains until done, stopped or out of time.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = args.options()?;
    args.run.train(&|chosen, stop| xmvae::train(&options, chosen.device, stop))
}

/// Sizes of a new run if nobody says others.
fn sizes() -> [usize; 4] {
    let sizes = Options::default().sizes;
    [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head]
}

impl Args {
    fn options(&self) -> Result<Options> {
        let plan = self.run.plan(Options::default().plan)?;
        ensure!(plan.batch.is_multiple_of(2), "--batch must be even: windows are drawn in pairs");
        ensure!(self.scores > 0, "--scores must be at least 1");
        ensure!(self.run.head > 0 && self.run.head.is_multiple_of(2), "--head must be an even number");
        ensure!(self.beta >= 0.0 && self.free >= 0.0, "--beta and --free must be 0 or more");
        ensure!(self.latent > 0, "--latent must be at least 1");
        ensure!((1..=65_535).contains(&self.codes), "--codes must be between 1 and 65535");
        ensure!((16..=4096).contains(&self.window), "--window must be between 16 and 4096");
        let is_wide = (self.window..=8192).contains(&self.window_steps);
        ensure!(is_wide, "--window-steps must be between --window and 8192");
        let mut options = Options::default();
        let sizes = &mut options.sizes;
        [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head] = self.run.sizes();
        (sizes.latent, sizes.codes) = (self.latent, self.codes);
        (sizes.window, sizes.steps) = (self.window, self.window_steps);
        sizes.sub_token_decoder = !self.no_sub_token_decoder;
        sizes.beat_attention = !self.no_beat_attention;
        sizes.line = !self.no_line;
        Ok(Options {
            ecp: self.ecp.clone(),
            from: self.from.clone(),
            weighing: Weighing { beta: self.beta, free: self.free },
            scores: self.scores,
            plan,
            ..options
        })
    }
}
