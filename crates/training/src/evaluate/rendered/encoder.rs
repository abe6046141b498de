//! MP3 files, by a program of the machine: the code here decodes them and does not make them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Kilobits a second.
pub const KBIT_A_SECOND: u32 = 64;

/// Where the script lies that encodes by the library libmp3lame.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/encode_mp3.py");

/// A program that makes MP3 files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoder {
    /// `lame`.
    Lame(PathBuf),
    /// `ffmpeg`.
    Ffmpeg(PathBuf),
    /// Python with the library libmp3lame (`scripts/encode_mp3.py`).
    Python(PathBuf),
}

impl Encoder {
    /// The first of `lame`, `ffmpeg` and Python with libmp3lame that is on this machine.
    pub fn find() -> Option<Self> {
        let lame = on_path("lame").map(Self::Lame);
        lame.or_else(|| on_path("ffmpeg").map(Self::Ffmpeg))
            .or_else(|| on_path("python3").map(Self::Python).filter(Self::has_library))
    }

    /// Whether the script finds its library.
    fn has_library(&self) -> bool {
        let Self::Python(python) = self else { return true };
        let mut command = Command::new(python);
        command.args([SCRIPT, "--check"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Path::new(SCRIPT).is_file() && command.status().is_ok_and(|status| status.success())
    }

    /// Makes a mono MP3 file of a WAV file, in place of one that is there.
    ///
    /// # Errors
    /// If the program fails.
    pub fn encode(&self, wav: &Path, mp3: &Path) -> Result<()> {
        let kbit = KBIT_A_SECOND.to_string();
        let (Self::Lame(program) | Self::Ffmpeg(program) | Self::Python(program)) = self;
        let mut command = Command::new(program);
        match self {
            Self::Lame(_) => command.args(["--quiet", "-m", "m", "-b", kbit.as_str()]).args([wav, mp3]),
            Self::Ffmpeg(_) => {
                let rate = format!("{kbit}k");
                command.args(["-v", "error", "-y", "-i"]).arg(wav);
                command.args(["-ac", "1", "-codec:a", "libmp3lame", "-b:a", rate.as_str()]).arg(mp3)
            }
            Self::Python(_) => command.args([SCRIPT, "--kbit", kbit.as_str()]).args([wav, mp3]),
        };
        let output = command.stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("cannot run {}", program.display()))?;
        let told = String::from_utf8_lossy(&output.stderr);
        let (from, told) = (wav.display(), told.trim());
        ensure!(output.status.success(), "{from}: {self} makes no MP3 file of it: {told}");
        Ok(())
    }
}

impl fmt::Display for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lame(_) => "lame",
            Self::Ffmpeg(_) => "ffmpeg",
            Self::Python(_) => "libmp3lame",
        })
    }
}

/// Where a program lies that is on the path.
fn on_path(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|program| program.is_file())
}
