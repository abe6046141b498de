//! Running the program in a folder of its own, and looking at what it leaves there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use notation::{ImportOptions, Score};
use performance::Performance;
use performance::midi::{PlayedMidi, match_to_score, read_performance};

/// Nothing that these tests do may take longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A working folder for the program; it disappears with this value.
pub struct Sandbox {
    pub folder: tempfile::TempDir,
}

/// What a run of the program came to.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Sandbox {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// The program, ready to run here, without a display: no window may open.
    pub fn program<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_espressivo"));
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        // Loading the grand piano would take longer than most tests.
        command.env("ESPRESSIVO_PIANO", "nowhere");
        command
    }

    pub fn run<A: AsRef<OsStr>>(&self, args: &[A]) -> Ran {
        Ran::of(self.program(args))
    }

    /// Runs what must succeed.
    pub fn ok<A: AsRef<OsStr>>(&self, args: &[A]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        ran
    }

    /// The names of all files here, hidden ones too, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}; there are {:?}", self.files()))
    }

    pub fn midi(&self, name: &str) -> PlayedMidi {
        read_performance(&self.bytes(name)).unwrap()
    }

    pub fn take(&self, name: &str, score: &Score) -> Performance {
        match_to_score(score, &self.midi(name))
    }
}

impl Ran {
    pub fn of(mut command: Command) -> Self {
        let begun = Instant::now();
        let Output { status, stdout, stderr } = command.output().unwrap();
        assert!(begun.elapsed() < PATIENCE, "{command:?} took {:?}", begun.elapsed());
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {}", self.out))
    }

    /// Expects one clear message that has all of these words, and the exit code of a failure.
    pub fn failed_with(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.err);
        assert_eq!(self.out, "");
        let messages: Vec<&str> = self.err.lines().filter(|l| !l.starts_with("warning: ")).collect();
        assert_eq!(messages.len(), 1, "{}", self.err);
        assert!(messages[0].starts_with("espressivo: "), "{}", self.err);
        for word in words {
            assert!(messages[0].contains(word), "{word:?} is not in: {}", self.err);
        }
    }
}

/// The checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The scores that come with Espressivo.
pub fn scores() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("scores")).unwrap().map(|e| e.unwrap().path());
    let mut scores: Vec<PathBuf> =
        entries.filter(|p| p.extension().is_some_and(|e| e == "musicxml")).collect();
    scores.sort();
    assert!(scores.len() >= 6, "{scores:?}");
    scores
}

/// One of them.
pub fn score(name: &str) -> String {
    let path = root().join("scores").join(name).with_extension("musicxml");
    path.to_string_lossy().into_owned()
}

pub const PRELUDE: &str = "chopin_prelude_op28_7";
pub const MINUET: &str = "petzold_minuet_g";

/// Reads a score as the program does.
pub fn read(path: impl AsRef<Path>) -> Score {
    let bytes = std::fs::read(path.as_ref()).unwrap();
    notation::read_score("score", &bytes, &ImportOptions::default()).unwrap()
}

/// MusicXML of a piano part in 4/4 with sixteen notes in each of so many bars.
pub fn long_score(bars: usize) -> String {
    let mut xml = String::from(
        "<score-partwise version=\"4.0\"><part-list><score-part id=\"P1\"><part-name>Piano</part-name>\
         </score-part></part-list><part id=\"P1\">",
    );
    for bar in 1..=bars {
        xml.push_str(&format!("<measure number=\"{bar}\">"));
        if bar == 1 {
            xml.push_str(
                "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time>\
                 </attributes>",
            );
        }
        for k in 0..16 {
            let step = ["C", "D", "E", "F", "G", "A", "B"][(bar * 3 + k * 2) % 7];
            xml.push_str(&format!(
                "<note><pitch><step>{step}</step><octave>{}</octave></pitch><duration>1</duration></note>",
                3 + k % 3
            ));
        }
        xml.push_str("</measure>");
    }
    xml.push_str("</part></score-partwise>");
    xml
}
