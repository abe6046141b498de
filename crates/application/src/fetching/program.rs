//! The programs that fetch.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::package::{Package, Registry};

/// How much of what a program says is told.
const LONGEST_REASON: usize = 160;

/// Gives up where nothing comes for a minute, goes on where it was stopped, and speaks nothing but HTTPS.
const CURL: &[&str] = &[
    "--fail",
    "--silent",
    "--show-error",
    "--location",
    "--max-redirs",
    "5",
    "--proto",
    "=https",
    "--proto-redir",
    "=https",
    "--connect-timeout",
    "20",
    "--speed-limit",
    "1000",
    "--speed-time",
    "60",
    "--continue-at",
    "-",
    "--output",
];

/// The same in wget's words.
const WGET: &[&str] =
    &["--no-verbose", "--continue", "--tries=2", "--timeout=60", "--max-redirect=5", "--output-document"];

/// Runs nothing of the package.
const NPM: &[&str] =
    &["pack", "--ignore-scripts", "--no-update-notifier", "--loglevel=error", "--fetch-retries=1"];

/// Runs nothing of the package; its own cache would keep all of it a second time.
const PIP: &[&str] = &[
    "-m",
    "pip",
    "download",
    "--quiet",
    "--disable-pip-version-check",
    "--no-cache-dir",
    "--retries",
    "1",
    "--no-deps",
    "--only-binary=:all:",
    "--dest",
];

/// Which program it is, and so how it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Curl,
    Wget,
    Npm,
    /// Python, with its module pip.
    Pip,
}

/// A program on this computer that can fetch archives.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(super) kind: Kind,
    path: PathBuf,
}

impl Program {
    pub(super) fn new(kind: Kind, path: PathBuf) -> Self {
        Self { kind, path }
    }

    /// Those on the search path that can fetch from a registry, in the order in which they are tried: curl and
    /// wget where a mirror is named, then the registry's own.
    pub fn all(registry: Registry) -> Vec<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let found = |kind: Kind, name: String| {
            let program =
                folders.iter().map(|folder| folder.join(&name)).find(|program| program.is_file())?;
            Some(Self::new(kind, program))
        };
        let own = match registry {
            Registry::Npm if cfg!(windows) => vec![found(Kind::Npm, "npm.cmd".to_owned())],
            Registry::Npm => vec![found(Kind::Npm, "npm".to_owned())],
            Registry::Pip => {
                ["python3", "python"].map(|name| found(Kind::Pip, format!("{name}{EXE_SUFFIX}"))).to_vec()
            }
        };
        let any = [(Kind::Curl, "curl"), (Kind::Wget, "wget")];
        let any = any.map(|(kind, name)| found(kind, format!("{name}{EXE_SUFFIX}")));
        let any = any.into_iter().filter(|_| registry.mirror().is_some());
        any.chain(own).flatten().collect()
    }

    /// Whether it writes the file that it is told; npm and pip write into its folder, under a name of their own.
    pub(super) fn takes_address(&self) -> bool {
        matches!(self.kind, Kind::Curl | Kind::Wget)
    }

    /// The call that fetches a package into a file, see [`Self::takes_address`].
    pub(super) fn call(&self, package: &Package, to: &Path) -> Command {
        let folder = to.parent().unwrap_or(Path::new("."));
        let mut command = Command::new(&self.path);
        match self.kind {
            Kind::Curl => command.args(CURL).arg(to).arg(package.address()),
            Kind::Wget => command.args(WGET).arg(to).arg(package.address()),
            Kind::Npm => {
                let cache = folder.join("cache");
                command.args(NPM).arg("--cache").arg(cache).arg("--pack-destination").arg(folder);
                command.arg(&*package.name)
            }
            Kind::Pip => command.args(PIP).arg(folder).arg(&*package.name),
        };
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Whether it has ended, with this exit code, because there is no going on where it was: curl with 22, 33 or
    /// 36, wget with 8, of which some also say that there is no such file.
    pub(super) fn cannot_go_on(&self, code: Option<i32>) -> bool {
        match self.kind {
            Kind::Curl => matches!(code, Some(22 | 33 | 36)),
            Kind::Wget => code == Some(8),
            Kind::Npm | Kind::Pip => false,
        }
    }

    /// The reason among the lines that it wrote, without its own marks: npm's first that is more than a code, of
    /// the others the last.
    pub(super) fn reason(&self, said: &str) -> String {
        let told = if self.kind == Kind::Npm {
            let marks = ["npm error", "npm ERR!"];
            let codes = ["code ", "errno ", "syscall ", "type "];
            let lines = said.lines().filter_map(|line| marks.iter().find_map(|mark| line.strip_prefix(mark)));
            let mut lines = lines.map(str::trim).filter(|line| !line.is_empty());
            lines.find(|line| !codes.iter().any(|code| line.starts_with(code)))
        } else {
            said.lines().map(without_mark).rfind(|line| !line.is_empty())
        };
        told.unwrap_or("it did not say why").chars().take(LONGEST_REASON).collect()
    }
}

/// A line of curl, wget or pip without what it begins all errors with.
fn without_mark(line: &str) -> &str {
    let marks = ["ERROR:", "wget:"];
    let plain = marks.iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    // `curl: (6) Could not resolve host`
    let after_code = plain.strip_prefix("curl: (").and_then(|rest| rest.split_once(") "));
    after_code.map_or(plain, |(_, rest)| rest).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(kind: Kind, said: &str) -> String {
        Program::new(kind, PathBuf::new()).reason(said)
    }

    #[test]
    fn the_reason_is_told_without_codes() {
        let said = "npm error code ENOTFOUND\nnpm error errno ENOTFOUND\nnpm error network request failed\nnpm error more";
        assert_eq!(reason(Kind::Npm, said), "network request failed");
        assert_eq!(reason(Kind::Npm, "npm ERR! code E404\nnpm ERR! 404 Not Found"), "404 Not Found");
        assert_eq!(
            reason(Kind::Curl, "curl: (6) Could not resolve host: a.org\n"),
            "Could not resolve host: a.org"
        );
        assert_eq!(
            reason(Kind::Wget, "wget: unable to resolve host address 'a.org'\n"),
            "unable to resolve host address 'a.org'"
        );
        assert_eq!(
            reason(Kind::Pip, "WARNING: again\nERROR: No matching distribution"),
            "No matching distribution"
        );
        assert_eq!(reason(Kind::Pip, ""), "it did not say why");
    }

    #[test]
    fn each_program_is_told_what_it_needs() {
        let package = Package::npm("piano", "@a/b@1.0");
        let to = Path::new("/parts/b-1.0.tgz");
        let words = |kind: Kind| -> Vec<String> {
            let call = Program::new(kind, PathBuf::from("x")).call(&package, to);
            call.get_args().map(|word| word.to_string_lossy().into_owned()).collect()
        };
        for kind in [Kind::Curl, Kind::Wget] {
            let words = words(kind);
            let [.., file, address] = &words[..] else { panic!("{words:?}") };
            assert_eq!((file.as_str(), address.as_str()), ("/parts/b-1.0.tgz", package.address().as_str()));
            assert!(words.iter().any(|word| word.starts_with("--continue")), "{words:?}");
        }
        assert!(words(Kind::Npm).ends_with(&["/parts".to_owned(), "@a/b@1.0".to_owned()]));
        assert!(words(Kind::Pip).ends_with(&[
            "--dest".to_owned(),
            "/parts".to_owned(),
            "@a/b@1.0".to_owned()
        ]));
    }
}
