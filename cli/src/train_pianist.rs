//! `espressivo train pianist`: pre-train and fine-tune the Pianist Transformer.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use training::pianist::{self, Options};

use crate::run_options::{RunOptions, standing};

const EXAMPLES: &str = "\
`espressivo data tokens` makes the files that this reads. A run keeps its checkpoint and its curve
(curve.csv) in --out. Ctrl-C saves and stops it; the same command goes on from there. The trained model
lies in OUT/model.

Example:
  espressivo data tokens -o runs/tokens
  espressivo train pianist --stage pretrain --tokens runs/tokens --out runs/pretrained
  espressivo train pianist --stage tune --tokens runs/tokens --from runs/pretrained/model --out runs/tuned";

/// Train the Pianist Transformer: restore hidden notes, then play scores
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES, mut_args(standing(&Options::default().plan, &sizes())))]
#[command(mut_arg("heads", |heads| heads.help("Heads of a new run; there are half as many of keys and values")))]
pub struct Args {
    /// What is learned: to restore hidden tokens of performances, or to play scores
    #[arg(long, value_enum)]
    stage: Stage,

    /// The folder that `espressivo data tokens` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/tokens")]
    tokens: PathBuf,

    #[command(flatten)]
    run: RunOptions,

    /// Start a new run from this model's weights instead of random ones
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,

    /// Notes in a window
    #[arg(long, value_name = "N", default_value_t = Options::default().window)]
    window: usize,

    /// Share of tokens that pre-training hides
    #[arg(long, value_name = "X", default_value_t = Options::default().mask)]
    mask: f64,

    /// Share of windows of which pre-training hides all but pitches and onsets
    #[arg(long, value_name = "X", default_value_t = Options::default().blind)]
    blind: f64,

    /// Layers of the encoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.encoder_layers)]
    encoder_layers: usize,

    /// Layers of the decoder of a new run
    #[arg(long, value_name = "N", default_value_t = Options::default().sizes.decoder_layers)]
    decoder_layers: usize,

    /// What the decoder of a new run is told of the note that it plays
    #[arg(long, value_enum, default_value_t = Guidance::None)]
    guidance: Guidance,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Guidance {
    /// Nothing, as published
    None,
    /// What was read of it; far less music is needed
    Score,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Stage {
    Pretrain,
    Tune,
}

/// Trains until done, stopped or out of time.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = args.options()?;
    args.run.train(&|chosen, stop| pianist::train(&options, chosen.device, stop))
}

/// Sizes of a new run if nobody says others.
fn sizes() -> [usize; 4] {
    let sizes = Options::default().sizes;
    [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head]
}

impl Args {
    fn options(&self) -> Result<Options> {
        let plan = self.run.plan(Options::default().plan)?;
        ensure!((16..=4096).contains(&self.window), "--window must be between 16 and 4096");
        ensure!(self.mask > 0.0 && self.mask < 1.0, "--mask must be between 0 and 1");
        ensure!((0.0..=1.0).contains(&self.blind), "--blind must be from 0 to 1");
        let mut options = Options::default();
        let sizes = &mut options.sizes;
        [sizes.hidden, sizes.feed_forward, sizes.heads, sizes.head] = self.run.sizes();
        sizes.key_value_heads = (sizes.heads / 2).max(1);
        (sizes.encoder_layers, sizes.decoder_layers) = (self.encoder_layers, self.decoder_layers);
        sizes.guidance = match self.guidance {
            Guidance::None => pianist::Guidance::Unguided,
            Guidance::Score => pianist::Guidance::Score,
        };
        Ok(Options {
            tokens: self.tokens.clone(),
            stage: match self.stage {
                Stage::Pretrain => pianist::Stage::Pretrain,
                Stage::Tune => pianist::Stage::Tune,
            },
            from: self.from.clone(),
            window: self.window,
            mask: self.mask,
            blind: self.blind,
            plan,
            ..options
        })
    }
}
