//! The page in the window: `ui` compiled to WebAssembly, bound for the browser, with the files of
//! `web/` around it, all in `dist/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::folders::Folders;
use crate::process::{run, step};
use crate::{strict, tools, wasm};

/// What the bound files are called: `face.js`, `face_bg.wasm`.
const NAME: &str = "face";

/// A compiler for the face and the program that binds it; what is missing is installed.
pub fn prepare(folders: &Folders) -> Result<(wasm::Compiler, PathBuf)> {
    Ok((wasm::compiler(folders)?, tools::wasm_bindgen(folders, &bindgen_version(folders)?)?))
}

/// Brings `dist/` up to date. Costs a second when nothing changed, and then leaves every file as it
/// was, so that the app is not built anew either.
pub fn build(folders: &Folders) -> Result<()> {
    let (compiler, bindgen) = prepare(folders)?;
    step("building the face");
    run(&mut cargo(folders, "build", &compiler))?;
    let module = target(folders).join(wasm::TARGET).join("wasm/ui.wasm");
    let dist = folders.root.join("dist");
    fs::create_dir_all(&dist).with_context(|| format!("cannot make {}", dist.display()))?;
    bind(&bindgen, &module, &dist)?;
    copy_changed(&folders.root.join("web"), &dist)
}

/// Checks the lints of the face as it is compiled for the window; its code differs in places from what
/// the lints of the workspace see.
pub fn check_lints(folders: &Folders) -> Result<()> {
    step("checking the lints of the face");
    let compiler = wasm::compiler(folders)?;
    if !compiler.has_lints() {
        return strict::not_checked("the lints of the face were", "Debian's compiler has no clippy");
    }
    run(cargo(folders, "clippy", &compiler).args(["--", "--deny", "warnings"]))
}

/// `cargo COMMAND` of the face, for the browser.
fn cargo(folders: &Folders, command: &str, compiler: &wasm::Compiler) -> Command {
    let mut cargo = folders.cargo(command);
    cargo.env("CARGO_TARGET_DIR", target(folders));
    cargo.args(["--package", "ui", "--lib", "--profile", "wasm", "--target", wasm::TARGET]);
    compiler.apply(&mut cargo);
    cargo
}

/// A folder of its own: the face shares nothing with the app, and need not wait for it.
fn target(folders: &Folders) -> PathBuf {
    folders.target.join(NAME)
}

/// Makes the module callable from a page.
fn bind(bindgen: &Path, module: &Path, dist: &Path) -> Result<()> {
    let changed = |path: &Path| fs::metadata(path).and_then(|m| m.modified());
    let bound = changed(&dist.join(format!("{NAME}_bg.wasm"))).unwrap_or(SystemTime::UNIX_EPOCH);
    if changed(module).with_context(|| format!("{} was not built", module.display()))? <= bound {
        return Ok(());
    }
    step("binding the face");
    let mut command = Command::new(bindgen);
    command.args(["--target", "web", "--no-typescript", "--remove-name-section", "--out-name", NAME]);
    run(command.arg("--out-dir").arg(dist).arg(module))
}

/// Copies the files that differ.
fn copy_changed(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let source = entry?.path();
        let target = to.join(source.file_name().unwrap_or_default());
        let bytes = fs::read(&source)?;
        if fs::read(&target).ok().as_ref() != Some(&bytes) {
            fs::write(&target, bytes).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}

/// The binding tool must be of the very version of the library in the face.
fn bindgen_version(folders: &Folders) -> Result<String> {
    let path: PathBuf = folders.root.join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    version_in(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_in_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }

    #[test]
    fn only_changed_files_are_copied() {
        let folder = std::env::temp_dir().join(format!("espressivo-face-{}", std::process::id()));
        let (from, to) = (folder.join("web"), folder.join("dist"));
        let write = |path: &Path, text: &str| fs::write(path, text).is_ok();
        assert!(fs::create_dir_all(&from).is_ok() && fs::create_dir_all(&to).is_ok());
        assert!(
            write(&from.join("a"), "new") && write(&from.join("b"), "same") && write(&to.join("b"), "same")
        );
        let changed = || fs::metadata(to.join("b")).and_then(|m| m.modified()).ok();
        let before = changed();
        assert!(copy_changed(&from, &to).is_ok());
        assert_eq!(fs::read_to_string(to.join("a")).ok().as_deref(), Some("new"));
        assert_eq!(changed(), before);
        let _ = fs::remove_dir_all(folder);
    }
}
