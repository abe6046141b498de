//! What `cargo xtask test` checks before it runs the tests.

use anyhow::Result;

use crate::folders::{Folders, SHARED_FEATURES};
use crate::process::{run, step};
use crate::{dependencies, face, fuzz, strict, structure, tools};

/// Everything that is checked without running the code.
pub fn all(folders: &Folders) -> Result<()> {
    format(folders)?;
    spelling(folders)?;
    structure::check(folders, &[])?;
    lints(folders)?;
    face::check_lints(folders)?;
    fuzz::check(folders)?;
    documentation(folders)?;
    dependencies::check(folders)
}

fn format(folders: &Folders) -> Result<()> {
    step("checking the format");
    run(folders.cargo("fmt").args(["--all", "--check"]))?;
    run(folders.cargo("fmt").args(["--all", "--check"]).current_dir(folders.root.join("fuzz")))
}

/// `typos.toml` has the words that only look wrong.
fn spelling(folders: &Folders) -> Result<()> {
    step("checking the spelling");
    match tools::program(folders, "typos", "typos-cli", "it checks the spelling") {
        Some(typos) => run(folders.command(&typos).arg("--config").arg("typos.toml")),
        None => strict::not_checked("the spelling was", "typos is missing"),
    }
}

fn lints(folders: &Folders) -> Result<()> {
    step("checking the lints");
    let scope = ["--release", "--workspace", "--all-targets"];
    run(folders.cargo("clippy").args(scope).args(["--", "--deny", "warnings"]))
}

/// Links and names in the documentation. It is for who works on the code, so it has private items and
/// may refer to them.
fn documentation(folders: &Folders) -> Result<()> {
    step("checking the documentation");
    let mut cargo = folders.cargo("doc");
    cargo
        .args(["--release", "--no-deps", "--document-private-items", "--lib", "--bins"])
        .args(SHARED_FEATURES);
    run(cargo.env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private_intra_doc_links"))
}
