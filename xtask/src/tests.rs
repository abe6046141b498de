//! `cargo xtask test`: every check and every test of the workspace.
//!
//! Some tests need what is not in the repository. They are marked `#[ignore]`, and their names end in
//! `_needs_data` and the like, so that they are counted as skipped where that is missing and run where
//! it is there. Tests that end in `_on_demand` are for other commands.

use std::ffi::OsString;

use anyhow::Result;

use crate::folders::Folders;
use crate::process::{has_program, run, step, succeeds};
use crate::{checks, encoder, face, piano, setup, transcriber};

/// What tests may need.
struct Need {
    /// What follows `_needs_` at the end of their names.
    name: &'static str,
    is_met: fn(&Folders) -> bool,
    /// What has to be there.
    what: &'static str,
}

const NEEDS: [Need; 6] = [
    Need {
        name: "data",
        is_met: has_data,
        what: "the data folder, which is $ESPRESSIVO_DATA or ../shared/data and holds a folder `asap`",
    },
    Need {
        name: "encoder",
        is_met: encoder::is_there,
        what: "the text encoder, which `cargo xtask setup` fetches where there is pip",
    },
    Need {
        name: "transcriber",
        is_met: transcriber::is_there,
        what: "the transcriber, which `cargo xtask setup` fetches where there is pip",
    },
    Need {
        name: "piano",
        is_met: piano::is_there,
        what: "the recorded grand piano, which `cargo xtask piano` fetches where there is npm",
    },
    Need {
        name: "window",
        is_met: |_| {
            ["Xvfb", "dbus-run-session", "openbox", "WebKitWebDriver", "xdotool"].into_iter().all(has_program)
        },
        what: "Xvfb, dbus-run-session, openbox, WebKitWebDriver and xdotool",
    },
    Need {
        name: "packager",
        is_met: |_| ["dpkg-deb", "desktop-file-validate", "appstreamcli"].into_iter().all(has_program),
        what: "dpkg-deb, desktop-file-validate and appstreamcli",
    },
];

/// The end of the names of tests that are for other commands.
const ON_DEMAND: &str = "_on_demand";

/// All of it; with arguments only the tests whose names contain them.
pub fn test(folders: &Folders, args: &[OsString]) -> Result<()> {
    setup::install_for_tests(folders)?;
    face::build(folders)?;
    if args.is_empty() {
        checks::all(folders)?;
        step("running the examples in the documentation");
        let mut cargo = folders.cargo("test");
        run(cargo.args(["--doc", "--release", "--workspace", "--quiet"]).args(checked(folders)))?;
    }
    run_tests(folders, args)
}

/// Lets cargo build our own packages with debug assertions and overflow checks; others stay as they
/// are in every other command and are not built anew.
fn checked(folders: &Folders) -> [OsString; 2] {
    ["--config".into(), folders.root.join(".config/checked.toml").into()]
}

fn has_data(folders: &Folders) -> bool {
    let named = std::env::var_os("ESPRESSIVO_DATA").filter(|v| !v.is_empty());
    named.map_or_else(|| folders.root.join("../shared/data"), Into::into).join("asap").is_dir()
}

/// The last lines are the runner's own summary.
fn run_tests(folders: &Folders, args: &[OsString]) -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.is_met)(folders)).collect();
    let has_nextest = succeeds(folders.cargo("nextest").arg("--version"));
    step(if has_nextest { "running the tests with cargo-nextest" } else { "running the tests" });
    for Need { name, what, .. } in &missing {
        eprintln!("  skipped are tests that end in _needs_{name}, for want of {what}");
    }
    let mut cargo = folders.cargo(if has_nextest { "nextest" } else { "test" });
    if has_nextest {
        // What was skipped is listed, unless that is what the filter is for.
        let listed: &[&str] = if args.is_empty() { &["--final-status-level", "skip"] } else { &[] };
        cargo.arg("run").args(listed);
    } else {
        cargo.args(["--lib", "--bins", "--tests"]);
    }
    // Always the whole workspace, even if few tests run: see `SHARED_FEATURES`.
    cargo.args(["--release", "--workspace"]).args(checked(folders));
    run(cargo.args(args).args(choice(&missing)))
}

/// What follows `--`, for either runner: ignored tests too, but for those whose need is not met.
fn choice(missing: &[&Need]) -> Vec<String> {
    let needs = missing.iter().map(|need| format!("_needs_{}", need.name));
    let left_out = needs.chain([ON_DEMAND.to_owned()]).flat_map(|end| ["--skip".to_owned(), end]);
    ["--", "--include-ignored"].map(str::to_owned).into_iter().chain(left_out).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use std::path::Path;

    use super::*;
    use crate::structure::packages::packages;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    #[test]
    fn what_is_missing_is_skipped_and_the_rest_is_run() {
        assert_eq!(choice(&[]).join(" "), "-- --include-ignored --skip _on_demand");
        let missing = choice(&[&NEEDS[0], &NEEDS[4]]).join(" ");
        assert_eq!(missing, "-- --include-ignored --skip _needs_data --skip _needs_window --skip _on_demand");
    }

    #[test]
    fn ignored_tests_are_named_for_the_reason() {
        let ends: Vec<String> =
            NEEDS.iter().map(|n| format!("_needs_{}(", n.name)).chain([format!("{ON_DEMAND}(")]).collect();
        let mut ignored = 0;
        for file in packages(root()).unwrap().iter().flat_map(|package| &package.files) {
            let text = std::fs::read_to_string(file).unwrap();
            let mut is_ignored = false;
            for line in text.lines().map(str::trim) {
                is_ignored |= line.starts_with("#[ignore");
                let Some(name) = line.split_once("fn ").filter(|(before, _)| !before.contains("//")) else {
                    continue;
                };
                let is_named = ends.iter().any(|end| name.1.contains(end.as_str()));
                assert_eq!(is_ignored, is_named, "{}: {line}", file.display());
                ignored += usize::from(is_ignored);
                is_ignored = false;
            }
        }
        assert!(ignored > 20, "{ignored}");
    }

    #[test]
    fn our_own_packages_are_built_with_checks() {
        let text = std::fs::read_to_string(root().join(".config/checked.toml")).unwrap();
        let named: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("[profile.release.package.")).collect();
        for package in &packages(root()).unwrap() {
            assert!(
                named.contains(&&*format!("{}]", package.name)),
                "{} is missing in .config/checked.toml",
                package.name
            );
        }
    }
}
