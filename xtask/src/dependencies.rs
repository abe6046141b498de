//! Licences, sources and known holes of everything that the workspace builds on.

use anyhow::{Result, bail};

use crate::folders::Folders;
use crate::process::{output, run, step};
use crate::{strict, tools};

/// Licences, sources and bans need no network; known holes come from a database on the network,
/// whose absence is no fault of the code.
pub fn check(folders: &Folders) -> Result<()> {
    step("checking licences and sources of dependencies");
    if !tools::have_cargo_tool(folders, "deny", "it checks the licences of dependencies") {
        return strict::not_checked("the licences of dependencies were", "cargo-deny is missing");
    }
    // Without --workspace only the root package's dependencies would be looked at.
    let deny = || {
        let mut cargo = folders.cargo("deny");
        cargo.args(["--workspace", "check", "--hide-inclusion-graph"]);
        cargo
    };
    run(deny().args(["--allow", "duplicate", "licenses", "bans", "sources"]))?;
    step("looking for known holes in dependencies");
    let result = output(deny().arg("advisories"))?;
    let report = String::from_utf8_lossy(&result.stderr);
    match judge_advisories(result.status.success(), &report) {
        Advisories::Clean => eprintln!("  none"),
        Advisories::NoDatabase => {
            strict::not_checked("known holes were", "their database cannot be reached")?;
        }
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
