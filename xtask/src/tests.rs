//! `cargo xtask test`: format, lints, licences and every test of the workspace.

use std::ffi::OsString;

use anyhow::{Result, bail};

use crate::folders::Folders;
use crate::process::{output, run, step, succeeds};
use crate::{face, setup, structure, tools};

/// All of it; with arguments only the tests whose names contain them.
pub fn test(folders: &Folders, args: &[OsString]) -> Result<()> {
    setup::install_for_tests(folders)?;
    face::build(folders)?;
    if args.is_empty() {
        check_format(folders)?;
        structure::check(folders, &[])?;
        check_lints(folders)?;
        check_dependencies(folders)?;
        step("running the examples in the documentation");
        run(folders.cargo("test").args(["--doc", "--release", "--workspace", "--quiet"]))?;
    }
    run_tests(folders, args)
}

fn check_format(folders: &Folders) -> Result<()> {
    step("checking the format");
    run(folders.cargo("fmt").args(["--all", "--check"]))
}

fn check_lints(folders: &Folders) -> Result<()> {
    step("checking the lints");
    let scope = ["--release", "--workspace", "--all-targets"];
    run(folders.cargo("clippy").args(scope).args(["--", "--deny", "warnings"]))
}

/// Licences, sources and bans need no network; known holes come from a database on the network,
/// whose absence is no fault of the code.
fn check_dependencies(folders: &Folders) -> Result<()> {
    if !tools::have_tool(folders, "deny", "it checks the licences of dependencies") {
        step("the licences of dependencies are not checked: cargo-deny is missing");
        return Ok(());
    }
    step("checking licences and sources of dependencies");
    let quiet = ["--hide-inclusion-graph", "--allow", "duplicate"];
    run(folders.cargo("deny").args(["check"]).args(quiet).args(["licenses", "bans", "sources"]))?;
    step("looking for known holes in dependencies");
    let result = output(folders.cargo("deny").args(["check", "--hide-inclusion-graph", "advisories"]))?;
    let report = String::from_utf8_lossy(&result.stderr);
    match judge_advisories(result.status.success(), &report) {
        Advisories::Clean => eprintln!("  none"),
        Advisories::NoDatabase => eprintln!("  not checked: the database of holes cannot be reached"),
        Advisories::Found => bail!("dependencies have known holes:\n{report}"),
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
enum Advisories {
    Clean,
    NoDatabase,
    Found,
}

fn judge_advisories(succeeded: bool, report: &str) -> Advisories {
    match succeeded {
        true => Advisories::Clean,
        false if report.contains("failed to fetch advisory database") => Advisories::NoDatabase,
        false => Advisories::Found,
    }
}

/// The last lines are the runner's own summary.
fn run_tests(folders: &Folders, args: &[OsString]) -> Result<()> {
    // Always the whole workspace, even if few tests run: see `SHARED_FEATURES`.
    let scope = ["--release", "--workspace"];
    if succeeds(folders.cargo("nextest").arg("--version")) {
        step("running the tests with cargo-nextest");
        run(folders.cargo("nextest").arg("run").args(scope).args(args))
    } else {
        step("running the tests");
        run(folders.cargo("test").args(scope).args(["--lib", "--bins", "--tests"]).args(args))
    }
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn only_a_missing_database_is_forgiven() {
        let offline = "[ERROR] failed to fetch advisory database https://example.org";
        assert_eq!(judge_advisories(false, offline), Advisories::NoDatabase);
        assert_eq!(judge_advisories(false, "error[vulnerability]: …"), Advisories::Found);
        assert_eq!(judge_advisories(true, "advisories ok"), Advisories::Clean);
    }
}
