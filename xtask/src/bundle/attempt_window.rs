//! The window of the installed program, on a display of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::clean::{Root, SCORE};
use crate::process::{output, run};

/// How long the window may take to show the piece.
const LONGEST: Duration = Duration::from_secs(90);

/// An empty window, and a page of black text on white, have at most so many colours.
const GREYS: usize = 256;

/// A program that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Opens a piece in the window and takes a picture once something is drawn.
pub fn attempt(root: &Root, picture: &Path) -> Result<()> {
    let (_screen, display) = screen()?;
    let began = Instant::now();
    let mut window = root.as_user(&[("DISPLAY", display.as_str())]);
    window.args(["espressivo", SCORE]).stdin(Stdio::null()).stdout(Stdio::null());
    let mut window = Running(window.spawn().context("cannot start the window")?);
    while began.elapsed() < LONGEST {
        if let Some(status) = window.0.try_wait()? {
            bail!("the window ended by itself ({status})");
        }
        take(&display, picture)?;
        if colours(picture)? > GREYS {
            eprintln!("  window: drawn after {:.1} s at most", began.elapsed().as_secs_f64());
            // A moment later the first take may be on the picture, too.
            thread::sleep(Duration::from_secs(8));
            take(&display, picture)?;
            eprintln!("  its picture: {}", picture.display());
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    bail!("the window drew nothing in {} s; see {}", LONGEST.as_secs(), picture.display())
}

/// A display that nobody sees, and its name. The clean Debian reaches it by its socket.
fn screen() -> Result<(Running, String)> {
    let mut command = Command::new("Xvfb");
    command.args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1280x800x24",
        "+extension",
        "GLX",
        "-ac",
        "-nolisten",
        "tcp",
    ]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut screen = Running(command.spawn().context("cannot start Xvfb")?);
    let said = screen.0.stdout.take().context("Xvfb says nothing")?;
    let mut number = String::new();
    BufReader::new(said).read_line(&mut number).context("Xvfb says nothing")?;
    let number: u32 = number.trim().parse().context("Xvfb did not start")?;
    Ok((screen, format!(":{number}")))
}

fn take(display: &str, picture: &Path) -> Result<()> {
    run(Command::new("import").args(["-display", display, "-window", "root"]).arg(picture))
}

/// How many colours a picture has.
fn colours(picture: &Path) -> Result<usize> {
    let said = output(Command::new("identify").args(["-format", "%k"]).arg(picture))?;
    let text = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    text.parse().with_context(|| format!("identify told no number of colours: {text:?}"))
}
