//! Judges alignments on the samples of (n)ASAP.
//!
//! `cargo run --release -p alignment --example judge -- SAMPLES [--write FOLDER] [--rows] [--only DAMAGE]
//! [--most-keys N] [--every N] [--limit N]`

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

use alignment::judge::{Row, samples};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().ok_or("the first argument is the folder of samples")?;
    let after = |name: &str| arguments.iter().position(|a| a == name).and_then(|k| arguments.get(k + 1));
    let number = |name: &str| after(name).map(|n| n.parse::<usize>()).transpose();
    let options = samples::Options {
        only: after("--only").cloned(),
        most_keys: number("--most-keys")?,
        every: number("--every")?,
        limit: number("--limit")?,
        write: after("--write").map(PathBuf::from),
    };
    let tells_rows = arguments.iter().any(|a| a == "--rows");
    let said = |row: &Row| {
        if tells_rows {
            let (f1, keys, secs) = (row.pairs.f1(), row.keys, row.secs);
            let line = format!("{:<20} {f1:.4} {keys:>6} {secs:>7.2} {}\n", row.damage.name(), row.name);
            std::io::stderr().write_all(line.as_bytes()).ok();
        }
    };
    let table = samples::run(Path::new(folder), &options, &said)?;
    std::io::stdout().write_all(table.to_string().as_bytes())?;
    Ok(())
}
