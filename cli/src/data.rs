//! `espressivo data`: make the training containers from published data sets.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use training::composer;
use training::datasets::make;
use training::groove;
use training::pianist::{self, Packing};
use training::xmvae;

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
DIR is a checkout of the published set: CPJKU/asap-dataset, huispaty/batik_plays_mozart or
katkost/MazurkaBL. OUT gets the containers and dropped.csv, which says what was left out and why.

Example:
  espressivo data asap asap-dataset -o data/asap --compare ../shared/data/asap";

/// Make the containers that training reads from published data sets
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    set: Set,
}

#[derive(Subcommand, Clone, Debug)]
enum Set {
    /// (n)ASAP: train, valid, test, extra_train
    Asap(Paths),
    /// Batik plays Mozart: batik, batik_extra
    Batik(Paths),
    /// MazurkaBL: mazurkabl
    Mazurkabl(Paths),
    /// Bars for `train composer`, of scores and songs in the data folder
    Segments(Segments),
    /// Tokens for `train pianist`, of the containers in the data folder
    Tokens(Tokens),
    /// Played notes for `train groove`, of the containers in the data folder
    Grooves(Grooves),
    /// Pieces and performances for `train xmvae`, of containers and scores in the data folder
    Ecp(Ecp),
}

#[derive(clap::Args, Clone, Debug)]
struct Paths {
    /// The checkout
    #[arg(value_name = "DIR")]
    checkout: PathBuf,

    /// Where the containers go
    #[arg(short, long = "output", value_name = "OUT")]
    out: PathBuf,

    /// Compare column by column with containers made before: their folder, or the index of one
    #[arg(long, value_name = "CONTAINER")]
    compare: Option<PathBuf>,

    /// Replace containers that exist
    #[arg(long)]
    force: bool,
}

/// What a set of tokens is written as.
const TOKENS: [&str; 4] = ["pretrain", "pretrain_valid", "tune", "tune_valid"];

impl Set {
    /// Refuses to replace files, unless asked to.
    fn check(&self) -> Result<()> {
        let containers = |names: &[&str], paths: &Paths| {
            let files = names.iter().flat_map(|name| [format!("{name}.json"), format!("{name}.bin.gz")]);
            output::check_folder(&paths.out, files.chain(["dropped.csv".to_owned()]), paths.force)
        };
        match self {
            Self::Asap(paths) => containers(&["train", "valid", "test", "extra_train"], paths),
            Self::Batik(paths) => containers(&["batik", "batik_extra"], paths),
            Self::Mazurkabl(paths) => containers(&["mazurkabl"], paths),
            Self::Segments(segments) => {
                let files = composer::FILES.iter().map(|name| format!("{name}.safetensors"));
                let files = files.chain(["tokens.json".to_owned()]);
                output::check_folder(&segments.out, files, segments.force)
            }
            Self::Tokens(tokens) => {
                let files = TOKENS.map(|name| format!("{name}.safetensors"));
                output::check_folder(&tokens.out, files, tokens.force)
            }
            Self::Grooves(grooves) => {
                let files = ["train", "valid"].map(|name| format!("{name}.safetensors"));
                output::check_folder(&grooves.out, files, grooves.force)
            }
            Self::Ecp(ecp) => {
                let files = xmvae::FILES.map(|name| format!("{name}.safetensors"));
                output::check_folder(&ecp.out, files, ecp.force)
            }
        }
    }
}

#[derive(clap::Args, Clone, Debug)]
struct Segments {
    #[command(flatten)]
    data: Data,

    /// Where the files of bars go
    #[arg(short, long = "output", value_name = "OUT", default_value = "runs/segments")]
    out: PathBuf,

    /// Tokens of the longest segment that is learned; a note takes two or three
    #[arg(long, value_name = "N", default_value_t = composer::LONGEST)]
    longest: usize,

    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

#[derive(clap::Args, Clone, Debug)]
struct Tokens {
    #[command(flatten)]
    data: Data,

    /// Where the files of tokens go
    #[arg(short, long = "output", value_name = "OUT", default_value = "runs/tokens")]
    out: PathBuf,

    /// Leave these sets of recordings out, such as pop909
    #[arg(long, value_name = "SET", value_delimiter = ',')]
    without: Vec<String>,

    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

#[derive(clap::Args, Clone, Debug)]
struct Grooves {
    #[command(flatten)]
    data: Data,

    /// Where the files of played notes go
    #[arg(short, long = "output", value_name = "OUT", default_value = "runs/grooves")]
    out: PathBuf,

    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

#[derive(clap::Args, Clone, Debug)]
struct Ecp {
    #[command(flatten)]
    data: Data,

    /// Where the files of steps go
    #[arg(short, long = "output", value_name = "OUT", default_value = "runs/ecp")]
    out: PathBuf,

    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

/// Makes the containers and says what came of it.
pub fn run(args: &Args) -> Result<ExitCode> {
    args.set.check()?;
    let say = &mut |what: &str| output::note(format_args!("reading {what}"));
    let paths = |p: &Paths| make::Paths {
        checkout: p.checkout.clone(),
        out: p.out.clone(),
        reference: p.compare.clone(),
    };
    let text = match &args.set {
        Set::Asap(p) => make::asap(&paths(p), say)?,
        Set::Batik(p) => make::batik(&paths(p), say)?,
        Set::Mazurkabl(p) => make::mazurkabl(&paths(p), say)?,
        Set::Segments(s) => {
            let (data, out, longest) = (s.data.folder()?, s.out.clone(), s.longest);
            composer::pack(&composer::Packing { data, out, longest }, say)?
        }
        Set::Tokens(t) => {
            let (data, out, without) = (t.data.folder()?, t.out.clone(), t.without.clone());
            pianist::pack(&Packing { data, out, without }, say)?
        }
        Set::Grooves(g) => {
            let packing = groove::Packing { data: g.data.folder()?, out: g.out.clone() };
            groove::pack(&packing, say)?
        }
        Set::Ecp(e) => {
            let packing = xmvae::Packing { data: e.data.folder()?, out: e.out.clone() };
            xmvae::pack(&packing, say)?
        }
    };
    output::say(&text)?;
    Ok(ExitCode::SUCCESS)
}
