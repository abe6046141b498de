//! A Debian that holds nothing but what every Debian does, and the package.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{has_program, output, run, step};

/// Names the archive that packages are fetched from; else the one that debootstrap knows.
const MIRROR: &str = "ESPRESSIVO_DEBIAN_MIRROR";

/// A piece that comes along.
pub const SCORE: &str = "/usr/share/espressivo/scores/petzold_minuet_g.musicxml";

/// Who uses the package there, and where.
const USER: &str = "musician";

/// A Debian in a folder.
pub struct Root {
    path: PathBuf,
}

impl Root {
    /// A copy of the smallest one, which is made if it is not there.
    pub fn fresh(out: &Path) -> Result<Self> {
        let kin = Kin::of(&fs::read_to_string("/etc/os-release").unwrap_or_default())
            .context("/etc/os-release does not say which release this is; only Debian's kin can try")?;
        let base = out.join(format!("debian-{}", kin.suite));
        if !base.join("etc/debian_version").is_file() {
            step(&format!("making the smallest {}", kin.suite));
            kin.make(&base)?;
        }
        let path = out.join("root");
        if path.exists() {
            // Nothing is mounted in it: what a program sees of the system is gone with its process.
            fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        run(Command::new("cp").args(["--archive", "--reflink=auto"]).arg(&base).arg(&path))?;
        let root = Self { path };
        run(root.command("root", &[]).args(["useradd", "--create-home", USER]))?;
        Ok(root)
    }

    /// Installs the package with what it declares to need.
    pub fn install(&self, deb: &Path) -> Result<()> {
        let place = self.path.join("tmp/espressivo.deb");
        fs::copy(deb, &place).with_context(|| format!("cannot copy {}", deb.display()))?;
        let apt = |words: &[&str]| {
            let mut command = self.command("root", &[("DEBIAN_FRONTEND", "noninteractive")]);
            // It need not outlast a power cut, so nothing waits for the disk.
            let fast = "Dpkg::Options::=--force-unsafe-io";
            run(command.args(["apt-get", "--quiet", "--yes", "-o", fast]).args(words))
        };
        apt(&["update"])?;
        apt(&["install", "--no-install-recommends", "/tmp/espressivo.deb"])?;
        // Some room, since the package was fetched and installed.
        apt(&["clean"])
    }

    /// The home folder of the ordinary user.
    pub fn home(&self) -> PathBuf {
        self.path.join("home").join(USER)
    }

    /// Whether a program is there.
    pub fn has(&self, program: &str) -> bool {
        ["usr/bin", "usr/local/bin", "usr/sbin"].iter().any(|bin| self.path.join(bin).join(program).exists())
    }

    /// Runs a program as the ordinary user and says how long that took.
    pub fn timed(&self, what: &str, words: &[&str]) -> Result<()> {
        let began = Instant::now();
        let said = output(self.as_user(&[]).args(words)).with_context(|| format!("cannot start {what}"))?;
        let secs = began.elapsed().as_secs_f64();
        if !said.status.success() {
            bail!("{what} failed ({}): {}", said.status, String::from_utf8_lossy(&said.stderr).trim());
        }
        eprintln!("  {what}: {secs:.2} s");
        Ok(())
    }

    /// A command line that the ordinary user gives in the home folder.
    pub fn as_user(&self, variables: &[(&str, &str)]) -> Command {
        self.command(USER, variables)
    }

    /// A command line in this Debian, still without its words. It sees processes, memory and files of its own
    /// in `/proc` and `/dev/shm`, the sockets of this machine's displays, and whatever it started is gone with it.
    fn command(&self, user: &str, variables: &[(&str, &str)]) -> Command {
        const MOUNT: &str = "root=$1; shift; displays=/tmp/.X11-unix; \
                             mkdir -p \"$displays\" \"$root/dev/shm\" \"$root$displays\" && \
                             mount -t proc proc \"$root/proc\" && \
                             mount -t tmpfs tmpfs \"$root/dev/shm\" && \
                             mount --bind \"$displays\" \"$root$displays\" && exec chroot \"$root\" \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "--", "sh", "-c", MOUNT, "sh"]);
        command.arg(&self.path);
        // What is set for this machine means nothing there, but for the way to the network.
        let kept = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().ends_with("_proxy"));
        command.env_clear().envs(kept).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LANG", "C.UTF-8");
        command.envs(variables.iter().copied());
        if user != "root" {
            let home = format!("/home/{user}");
            command.args(["setpriv", "--init-groups", "--reuid", user, "--regid", user]);
            command.args(["env", "-C", &home]).env("HOME", &home).env("USER", user);
        }
        command
    }
}

/// A release of Debian, or of what is made of it.
#[derive(Debug, PartialEq, Eq)]
struct Kin {
    /// Its name: `bookworm`.
    suite: String,
    /// The parts of its archive that the package's libraries are in.
    components: &'static str,
}

impl Kin {
    /// That which runs here, by `/etc/os-release`.
    fn of(os_release: &str) -> Option<Self> {
        let value = |name: &str| {
            let line = os_release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
            Some(line.trim_matches('"').to_owned()).filter(|value| !value.is_empty())
        };
        let is_ubuntu = ["ID", "ID_LIKE"].into_iter().filter_map(value).any(|id| id.contains("ubuntu"));
        // Ubuntu keeps most of what it has of Debian in `universe`.
        let components = if is_ubuntu { "main,universe" } else { "main" };
        Some(Self { suite: value("VERSION_CODENAME")?, components })
    }

    /// Makes the smallest one: its essential packages and apt.
    fn make(&self, base: &Path) -> Result<()> {
        let mirror = std::env::var_os(MIRROR).filter(|value| !value.is_empty());
        // Beside its place first: what is there is whole.
        let unfinished = base.with_extension("unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)
                .with_context(|| format!("cannot remove {}", unfinished.display()))?;
        }
        let is_debootstrap = has_program("debootstrap");
        let mut command = Command::new(if is_debootstrap { "debootstrap" } else { "mmdebstrap" });
        command.arg(if is_debootstrap { "--variant=minbase" } else { "--variant=apt" });
        command.arg(format!("--components={}", self.components));
        run(command.arg(&self.suite).arg(&unfinished).args(mirror))?;
        let list = unfinished.join("etc/apt/sources.list");
        let sources = fs::read_to_string(&list).unwrap_or_default();
        fs::write(&list, self.with_updates(&sources))
            .with_context(|| format!("cannot write {}", list.display()))?;
        fs::rename(&unfinished, base).with_context(|| format!("cannot rename {}", unfinished.display()))
    }

    /// The sources with those of the release's updates: what was built where they are installed may need them.
    fn with_updates(&self, sources: &str) -> String {
        let plain = format!(" {} ", self.suite);
        let updated = format!(" {}-updates ", self.suite);
        let own = sources.lines().filter(|line| line.starts_with("deb ") && line.contains(&plain));
        // What is never released has no updates of its own.
        let updates = own.filter(|_| self.suite != "sid").map(|line| line.replace(&plain, &updated));
        sources.lines().map(str::to_owned).chain(updates).map(|line| line + "\n").collect()
    }
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn the_release_is_the_one_that_runs_here() {
        let of = |text| Kin::of(text).map(|kin| (kin.suite, kin.components));
        let debian = "NAME=\"Debian GNU/Linux\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        assert_eq!(of(debian), Some(("bookworm".to_owned(), "main")));
        let ubuntu = "ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=jammy\n";
        assert_eq!(of(ubuntu), Some(("jammy".to_owned(), "main,universe")));
        assert_eq!(of("NAME=Fedora\nVERSION_CODENAME=\"\"\n"), None);
    }

    #[test]
    fn updates_come_from_the_same_archive() {
        let kin = Kin { suite: "jammy".into(), components: "main,universe" };
        let sources = "deb http://archive.example/ubuntu jammy main universe\n";
        let expected = "deb http://archive.example/ubuntu jammy main universe\n\
                        deb http://archive.example/ubuntu jammy-updates main universe\n";
        assert_eq!(kin.with_updates(sources), expected);
        assert_eq!(kin.with_updates(""), "");
    }
}
