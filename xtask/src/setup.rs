//! Installs the system packages that are missing.
//!
//! [`PACKAGES`] is the whole truth: what is needed, how to see that it is there, and what it is
//! called elsewhere. Work that needs another package adds a row.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::folders::Folders;
use crate::process::{run, step, succeeds};
use crate::tools;

/// One thing that must be on the system.
struct Package {
    /// Debian's name.
    debian: &'static str,
    /// What for.
    why: &'static str,
    /// How to see that it is there.
    sign: Sign,
    /// Whether nothing works without it.
    is_needed: bool,
    /// What to do on other systems.
    elsewhere: &'static str,
}

/// What shows that a package is installed; files and programs are looked for first, because they
/// may be there by other means.
enum Sign {
    /// A program on the search path.
    Program(&'static str),
    /// One of these files.
    File(&'static [&'static str]),
}

const PACKAGES: &[Package] = &[
    Package {
        debian: "build-essential",
        why: "the linker and C compiler that Rust uses",
        sign: Sign::Program("cc"),
        is_needed: cfg!(unix),
        elsewhere: "gcc (Fedora), base-devel (Arch), xcode-select --install (macOS), \
                    the Visual Studio C++ build tools (Windows)",
    },
    Package {
        debian: "fluid-soundfont-gm",
        why: "a recorded grand piano, 120 MB; without it the piano of our own code is heard",
        sign: Sign::File(&[
            "/usr/share/sounds/sf2/FluidR3_GM.sf2",
            "/usr/share/soundfonts/FluidR3_GM.sf2",
            "/usr/share/soundfonts/FluidR3_GM2-2.sf2",
        ]),
        is_needed: false,
        elsewhere: "fluid-soundfont-gm (Fedora), soundfont-fluid (Arch), or any SF2 piano named by \
                    ESPRESSIVO_SOUNDFONT",
    },
];

/// Installs what is missing. What is not needed and failed before is not tried again.
pub fn install_missing(folders: &Folders) -> Result<()> {
    let missing = |needed: bool| {
        let list = PACKAGES.iter().filter(move |p| p.is_needed == needed && !is_installed(p));
        list.collect::<Vec<&Package>>()
    };
    install("needed system packages are missing", &missing(true))?;
    let mut useful = missing(false);
    useful.retain(|p| !tools::failed_before(folders, p.debian));
    if let Err(error) = install("useful system packages are missing", &useful) {
        eprintln!("  going on without: {error:#}");
        useful.iter().for_each(|p| tools::note_failure(folders, p.debian));
    }
    Ok(())
}

fn install(headline: &str, missing: &[&Package]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    step(headline);
    for package in missing {
        eprintln!("  {}: {}", package.debian, package.why);
    }
    if has_apt() { install_with_apt(missing) } else { bail!("{}", advice(missing)) }
}

fn is_installed(package: &Package) -> bool {
    match package.sign {
        Sign::Program(name) => {
            let path = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
        }
        Sign::File(paths) => paths.iter().any(|path| Path::new(path).is_file()),
    }
}

fn has_apt() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    is_debian_like(&release) && succeeds(Command::new("apt-get").arg("--version"))
}

fn is_debian_like(os_release: &str) -> bool {
    let values =
        os_release.lines().filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")));
    values.flat_map(|v| v.trim_matches('"').split_whitespace()).any(|id| id == "debian" || id == "ubuntu")
}

fn install_with_apt(missing: &[&Package]) -> Result<()> {
    let is_root = succeeds(Command::new("sh").args(["-c", "test \"$(id -u)\" = 0"]));
    if !is_root && !succeeds(Command::new("sudo").arg("--version")) {
        bail!("there is no sudo; as root, run: {}", apt_line(missing));
    }
    if !is_root {
        eprintln!("  sudo may ask for your password");
    }
    for words in apt_commands(missing, is_root) {
        run(Command::new(&words[0]).args(&words[1..]))?;
    }
    Ok(())
}

/// The commands to run, in order.
fn apt_commands(missing: &[&Package], is_root: bool) -> Vec<Vec<String>> {
    let prefix: &[&str] = if is_root { &["env"] } else { &["sudo", "env"] };
    let command = |words: &[&str]| -> Vec<String> {
        prefix
            .iter()
            .chain(&["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .chain(words)
            .map(|w| w.to_string())
            .collect()
    };
    let mut install = command(&["install", "--yes", "--no-install-recommends"]);
    install.extend(missing.iter().map(|p| p.debian.to_owned()));
    vec![command(&["--quiet", "update"]), install]
}

fn apt_line(missing: &[&Package]) -> String {
    let names: Vec<_> = missing.iter().map(|p| p.debian).collect();
    format!("apt-get update && apt-get install --yes --no-install-recommends {}", names.join(" "))
}

fn advice(missing: &[&Package]) -> String {
    let lines = missing.iter().map(|p| format!("\n    {} ({})", p.elsewhere, p.why));
    format!("this is not Debian, so please install:{}", lines.collect::<String>())
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn debian_and_its_children_are_known() {
        assert!(is_debian_like("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"));
        assert!(is_debian_like("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian_like("ID=fedora\nVARIANT_ID=debianish\n"));
        assert!(!is_debian_like(""));
    }

    #[test]
    fn apt_updates_first_and_never_asks() {
        let all: Vec<&Package> = PACKAGES.iter().collect();
        let commands = apt_commands(&all, false);
        assert!(commands[0].ends_with(&["--quiet".into(), "update".into()]));
        assert_eq!(commands[1][..4], ["sudo", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        assert!(
            commands[1].contains(&"--yes".to_owned())
                && commands[1].contains(&"fluid-soundfont-gm".to_owned())
        );
        assert_eq!(apt_commands(&all, true)[0][0], "env");
    }

    #[test]
    fn the_linker_of_this_very_build_is_seen() {
        if cfg!(unix) {
            assert!(is_installed(&PACKAGES[0]));
        }
        let nowhere = Package { sign: Sign::File(&["/no/such/file"]), ..PACKAGES[0] };
        assert!(!is_installed(&nowhere));
    }
}
