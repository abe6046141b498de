//! Where the checkout lies, where things are built and where tools are kept.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Makes cargo choose features of dependencies over all packages and their tests, whatever is
/// built (`--examples` does that; there is one, a small one). Every command then shares one build of the
/// heavy dependencies; `cargo build --package …` alone would build the neural network library anew.
pub const SHARED_FEATURES: [&str; 2] = ["--workspace", "--examples"];

/// The folders that all commands use.
pub struct Folders {
    /// The checkout.
    pub root: PathBuf,
    /// One build folder for every command, outside the checkout so that several can share it.
    pub target: PathBuf,
    /// Tools that the commands installed for themselves, and notes about what failed.
    pub cache: PathBuf,
}

impl Folders {
    /// Of the checkout that this program was built from.
    pub fn of_this_checkout() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let manifest = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = manifest.parent().context("xtask has no folder above it")?.to_owned();
        let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
        let cache = cache_folder(&variable).context("neither XDG_CACHE_HOME nor HOME is set")?;
        let target = variable("CARGO_TARGET_DIR").map_or_else(|| cache.join("target"), PathBuf::from);
        let target = std::path::absolute(target)?;
        std::fs::create_dir_all(&cache)
            .with_context(|| format!("cannot make the folder {}", cache.display()))?;
        Ok(Self { root, target, cache })
    }

    /// `cargo COMMAND` in the checkout, building in the shared folder, finding the tools kept here.
    pub fn cargo(&self, command: &str) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.arg(command).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo.env("PATH", path_with(&self.tools_bin()));
        cargo
    }

    /// A program in the checkout.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Where `cargo install --root` puts the tools.
    pub fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    fn tools_bin(&self) -> PathBuf {
        self.tools().join("bin")
    }
}

fn cache_folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let home = || variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
    let base = variable("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| home().map(|h| h.join(".cache")))?;
    Some(base.join("espressivo"))
}

/// The search path with one more folder, which comes last: the user's own tools win.
fn path_with(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([folder.to_owned()]);
    std::env::join_paths(folders).unwrap_or(path.clone())
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn the_cache_is_where_the_desktop_says_or_below_home() {
        let only = |wanted: &'static str, value: &'static str| {
            move |name: &str| (name == wanted).then(|| OsString::from(value))
        };
        let expected = |path: &str| Some(PathBuf::from(path));
        assert_eq!(cache_folder(&only("HOME", "/home/clara")), expected("/home/clara/.cache/espressivo"));
        assert_eq!(cache_folder(&only("XDG_CACHE_HOME", "/fast")), expected("/fast/espressivo"));
        assert_eq!(cache_folder(&only("OTHER", "/fast")), None);
    }
}
