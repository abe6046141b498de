//! The process is killed at random moments while it edits and saves: the project always opens, and
//! every step that was acknowledged is there.
//!
//! The child is this test binary itself, told by an environment variable to work.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use protocol::{Edit, PinKind, ScoreId, VersionId};
use studio::document::Document;
use studio::history::{History, Step};
use studio::project_file::ProjectFile;
use studio::store::Store;
use studio::{edit, reading};

const FOLDER: &str = "ESPRESSIVO_CRASH_FOLDER";
const SEED: &str = "ESPRESSIVO_CRASH_SEED";

/// How often the child is killed.
const KILLS: u64 = 200;

/// After so many kills another project begins, so that new ones are killed as well as grown ones.
const KILLS_A_PROJECT: u64 = 20;

/// A pseudorandom number generator: Knuth's linear congruential generator.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn document() -> Document {
    support::two_scores()
}

/// A random step; none if it would change nothing.
fn step(document: &Document, rng: &mut Lcg) -> Option<Step> {
    if document.takes.len() < 2 {
        return edit::duplicate(document, VersionId::Deadpan).ok();
    }
    let take = &document.takes[rng.below(document.takes.len() as u64) as usize];
    let note = |rng: &mut Lcg| rng.below(document.score().notes.len() as u64) as u32;
    let point =
        |quarters: u64, value: u64| protocol::CurvePoint { quarters: quarters as f64, value: value as f64 };
    let change = match rng.below(9) {
        0 | 1 => Edit::Velocities((0..40).map(|_| (note(rng), 1 + rng.below(127) as u8)).collect()),
        2 => Edit::Onsets(vec![(note(rng), rng.below(60_000) as f64 / 1000.0)]),
        3 => Edit::Tempo(vec![
            point(rng.below(20), 40 + rng.below(100)),
            point(30 + rng.below(20), 40 + rng.below(100)),
        ]),
        4 => Edit::Pin(vec![note(rng)], vec![PinKind::Velocity]),
        5 => return edit::delete(document, take.id).ok(),
        6 => return edit::duplicate(document, take.id).ok(),
        7 => return Some(reading::adopt(document, ScoreId(1 - document.main().0))),
        _ => return edit::rename(document, take.id, &format!("Take {}", rng.below(1000))).ok()?,
    };
    edit::edit(document, take.id, &change).ok()?
}

/// Edits, undoes, saves under another name and back, and acknowledges each once it is kept.
fn work(folder: &Path, seed: u64) -> ! {
    let data = folder.join("data");
    let path = folder.join("p.espressivo");
    let (mut file, saved) = ProjectFile::open(&data, &path).unwrap();
    let (mut document, mut history) = (saved.document, saved.history);
    let mut rng = Lcg(seed);
    let mut out = std::io::stdout();
    loop {
        // The view counts the gestures; it is kept with every one.
        let count = gestures(&document) + 1;
        document.view.span_quarters = Some((count as f64, 0.0));
        let failure = match rng.below(12) {
            0 | 1 => match history.undo(&mut document) {
                Some(step) => file.moved(&document, &history, &step),
                None => file.view_changed(&document, &history),
            },
            2 => match history.redo(&mut document) {
                Some(step) => file.moved(&document, &history, &step),
                None => file.view_changed(&document, &history),
            },
            3 => {
                // A copy is written over an older one, which must stay whole whatever happens.
                let copy = folder.join("copy.espressivo");
                let (mut other, _) = ProjectFile::untitled(&data, &document, &history);
                other.save_as(&copy, &document, &history).unwrap();
                file.view_changed(&document, &history)
            }
            _ => match step(&document, &mut rng) {
                Some(step) => {
                    let step = history.push(&mut document, step);
                    file.pushed(&document, &history, &step)
                }
                None => file.view_changed(&document, &history),
            },
        };
        assert!(failure.is_none(), "{failure:?}");
        writeln!(out, "kept {count} {:016x}", fingerprint(&document, &history)).unwrap();
        out.flush().unwrap();
    }
}

/// How many gestures there were since the project was new.
fn gestures(document: &Document) -> u64 {
    document.view.span_quarters.map_or(0, |(count, _)| count as u64)
}

fn fingerprint(document: &Document, history: &History) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    // Everything, through its exact text: f64 is printed so that it can be read back.
    format!("{:?} {:?} {:?}", document.takes, document.view, history).hash(&mut hasher);
    hasher.finish()
}

/// An acknowledgement that came through whole.
fn kept(line: &str) -> Option<(u64, String)> {
    let mut words = line.split(' ').skip_while(|word| *word != "kept").skip(1);
    let (count, print) = (words.next()?.parse().ok()?, words.next()?);
    (print.len() == 16).then(|| (count, print.to_owned()))
}

#[test]
fn no_kill_loses_an_acknowledged_step() {
    if let (Some(folder), Some(seed)) = (std::env::var_os(FOLDER), std::env::var(SEED).ok()) {
        work(&PathBuf::from(folder), seed.parse().unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.espressivo");
    let mut rng = Lcg(42);
    let (mut steps, mut between) = (0, 0);
    for kill in 0..KILLS {
        if kill % KILLS_A_PROJECT == 0 {
            std::fs::remove_file(&path).ok();
            Store::create(&path, &document(), &History::default()).unwrap();
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "no_kill_loses_an_acknowledged_step", "--nocapture"])
            .env(FOLDER, folder.path())
            .env(SEED, kill.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let wanted = 1 + rng.below(12);
        let pause = Duration::from_micros(rng.below(12_000));
        let mut acknowledged: Vec<(u64, String)> = Vec::new();
        let mut lines = lines.map_while(Result::ok);
        while (acknowledged.len() as u64) < wanted {
            let Some(line) = lines.next() else { panic!("the child ended by itself") };
            acknowledged.extend(kept(&line));
        }
        std::thread::sleep(pause);
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(lines.filter_map(|line| kept(&line)));
        steps += acknowledged.len();

        let (_, saved) = Store::open(&path).unwrap_or_else(|error| panic!("after kill {kill}: {error}"));
        let (last, print) = acknowledged.last().unwrap();
        let found = gestures(&saved.document);
        assert!(
            found == *last || found == last + 1,
            "{found} of {last} gestures are there after kill {kill}"
        );
        if found == *last {
            let exact = format!("{:016x}", fingerprint(&saved.document, &saved.history));
            assert_eq!(*print, exact, "another state than the one acknowledged, after kill {kill}");
        } else {
            between += 1;
        }
        let copy = folder.path().join("copy.espressivo");
        if copy.exists() {
            Store::read_only(&copy).unwrap_or_else(|error| panic!("the copy after kill {kill}: {error}"));
        }
    }
    println!("{KILLS} kills, {steps} acknowledged steps, {between} kills between keeping and acknowledging");
}
