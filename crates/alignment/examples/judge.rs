//! Judges alignments on the samples of (n)ASAP.
//!
//! `cargo run --release -p alignment --example judge -- SAMPLES [--write FOLDER] [--rows]`

use std::path::{Path, PathBuf};

use alignment::judge::{Case, Damage, Table, judge};
use notation::{ImportOptions, Score, read_score};
use performance::midi::read_performance;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().ok_or("the first argument is the folder of samples")?;
    let after = |name: &str| arguments.iter().position(|a| a == name).and_then(|k| arguments.get(k + 1));
    let only: Option<&String> = after("--only");
    let mut table = Table::default();
    for folder in sorted(Path::new(folder))?.into_iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let score = read_score(&name, &std::fs::read(folder.join("xml_score.musicxml"))?, &ImportOptions::default())?;
        for case in cases(&folder, &name, &score)? {
            for (seed, damage) in (1..).zip(Damage::ALL) {
                let seed = seed + 1000 * table.rows.len() as u64;
                if only.is_some_and(|only| !damage.name().contains(only.as_str())) {
                    continue;
                }
                let Some(damaged) = damage.of(&score, &case, seed) else { continue };
                if let Some(out) = after("--write") {
                    let out = Path::new(out).join(damage.name().replace(' ', "-"));
                    std::fs::create_dir_all(&out)?;
                    std::fs::write(out.join(format!("{}.tsv", case.name)), damaged.write(&score))?;
                }
                let row = judge(&score, &damaged);
                if arguments.iter().any(|a| a == "--rows") {
                    let f1 = |counts: alignment::judge::Counts| counts.f1();
                    let (pairs, keys) = (f1(row.pairs), row.keys);
                    let line = format!("{:<20} {pairs:.4} {keys:>6} {:.2} {}\n", damage.name(), row.secs, row.name);
                    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes())?;
                }
                table.rows.push(row);
            }
        }
    }
    std::io::Write::write_all(&mut std::io::stdout(), table.to_string().as_bytes())?;
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<Result<_, Failed>>()?;
    paths.sort();
    Ok(paths)
}

fn cases(folder: &Path, piece: &str, score: &Score) -> Result<Vec<Case>, Failed> {
    let mut cases = Vec::new();
    for path in sorted(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix("_note_alignment.tsv") {
            let heard = read_performance(&std::fs::read(folder.join(format!("{stem}.mid")))?)?;
            let pairs = std::fs::read_to_string(&path)?;
            cases.push(Case::read(&format!("{piece}__{stem}"), score, &heard.notes, &pairs));
        }
    }
    Ok(cases)
}
