//! A compiler that can make WebAssembly.
//!
//! Normally that is the one at hand, once `rustup` has added the target. Where rustup cannot
//! download, Debian has a matching pair of compiler and library source (`rustc-web`,
//! `rust-web-src`), from which the standard library for the target is built once.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::process::{output, run, step, succeeds};
use crate::setup;

/// The target of the face.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler for web programs.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// How to call the compiler.
pub enum Compiler {
    /// As cargo does by itself.
    AtHand,
    /// Another compiler, and a linker that it does not bring along.
    Other { rustc: PathBuf, linker: PathBuf },
}

impl Compiler {
    /// Whether it has a clippy of the same version.
    pub fn has_lints(&self) -> bool {
        matches!(self, Self::AtHand)
    }

    /// Lets a call of cargo use this compiler.
    pub fn apply(&self, cargo: &mut Command) {
        if let Self::Other { rustc, linker } = self {
            cargo.env("RUSTC", rustc).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }
}

/// A compiler for the target; what is missing is installed.
pub fn compiler(folders: &Folders) -> Result<Compiler> {
    let sysroot = sysroot_of("rustc").context("there is no rustc; install Rust from https://rustup.rs")?;
    if has_target(&sysroot) {
        return Ok(Compiler::AtHand);
    }
    if let Some(compiler) = built_before(folders, &sysroot) {
        return Ok(compiler);
    }
    step("adding the WebAssembly target to Rust");
    if succeeds(Command::new("rustup").arg("--version"))
        && run(Command::new("rustup").args(["target", "add", TARGET])).is_ok()
        && has_target(&sysroot)
    {
        return Ok(Compiler::AtHand);
    }
    eprintln!("  rustup cannot add it; Debian's compiler for web programs is taken instead");
    if !Path::new(DEBIAN_RUSTC).exists() || debian_library_source().is_err() {
        setup::install_as_way_out(&["rustc-web", "rust-web-src"], "a Rust that can make WebAssembly")?;
    }
    build_standard_library(folders)?;
    built_before(folders, &sysroot).context("the standard library was built but is not where it belongs")
}

fn has_target(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir()
}

fn sysroot_of(rustc: &str) -> Result<PathBuf> {
    Ok(PathBuf::from(answer(Command::new(rustc).args(["--print", "sysroot"]))?))
}

fn answer(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// What was built from Debian's packages, of the version that is installed now.
fn built_before(folders: &Folders, sysroot: &Path) -> Option<Compiler> {
    let place = Place::of(folders).ok()?;
    let linker = sysroot.join("lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld");
    let is_there = place.done().is_file() && linker.is_file();
    is_there.then(|| Compiler::Other { rustc: place.wrapper("final"), linker })
}

/// Where the built library lies: outside the checkout, one folder for each version of the compiler.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn of(folders: &Folders) -> Result<Self> {
        let version = answer(Command::new(DEBIAN_RUSTC).arg("--version"))?;
        let key: String =
            version.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
        Ok(Self { folder: folders.cache.join(format!("wasm-{key}")) })
    }

    fn sysroot(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn wrapper(&self, name: &str) -> PathBuf {
        self.folder.join(format!("rustc-{name}"))
    }

    /// Exists once everything else does.
    fn done(&self) -> PathBuf {
        self.folder.join("done")
    }
}

/// Builds the standard library for the target from Debian's source, with Debian's compiler.
fn build_standard_library(folders: &Folders) -> Result<()> {
    step("building Rust's standard library for WebAssembly (a minute, once)");
    let place = Place::of(folders)?;
    let _ = std::fs::remove_dir_all(&place.folder);
    let debian = PathBuf::from(answer(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]))?);

    // A private sysroot that has the library's source where cargo looks for it.
    make_sysroot(&place, "source", &debian)?;
    let source = place.sysroot("source").join("lib/rustlib/src/rust/library");
    std::fs::create_dir_all(source.parent().context("the source has no folder above it")?)?;
    run(Command::new("cp").arg("-r").arg(debian_library_source()?).arg(&source))?;

    let empty = place.folder.join("empty");
    std::fs::create_dir_all(empty.join("src"))?;
    std::fs::write(empty.join("src/lib.rs"), "")?;
    std::fs::write(
        empty.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    let mut cargo = folders.cargo("build");
    cargo.current_dir(&empty).args(["--release", "--target", TARGET]);
    cargo.arg("-Zbuild-std=std,panic_abort,proc_macro");
    cargo.env("CARGO_TARGET_DIR", empty.join("target")).env("RUSTC", place.wrapper("source"));
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Cembed-bitcode=yes");
    run(&mut cargo)?;

    // A second one that has the built library where the compiler looks for it.
    make_sysroot(&place, "final", &debian)?;
    let library = place.sysroot("final").join("lib/rustlib").join(TARGET).join("lib");
    std::fs::create_dir_all(&library)?;
    for built in std::fs::read_dir(empty.join("target").join(TARGET).join("release/deps"))? {
        let built = built?.path();
        let name = built.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            std::fs::copy(&built, library.join(name))?;
        }
    }
    for used in [empty, place.sysroot("source"), place.wrapper("source")] {
        // Only space is lost if that fails.
        let _ = if used.is_dir() { std::fs::remove_dir_all(&used) } else { std::fs::remove_file(&used) };
    }
    std::fs::write(place.done(), "")?;
    Ok(())
}

/// A folder with links to all that Debian's sysroot holds, and a compiler that uses it.
#[cfg(unix)]
fn make_sysroot(place: &Place, name: &str, debian: &Path) -> Result<()> {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let rustlib = place.sysroot(name).join("lib/rustlib");
    std::fs::create_dir_all(&rustlib)?;
    for part in std::fs::read_dir(debian.join("lib/rustlib"))? {
        let part = part?;
        if part.file_name() != "src" && part.file_name() != TARGET {
            symlink(part.path(), rustlib.join(part.file_name()))?;
        }
    }
    let wrapper = place.wrapper(name);
    let sysroot = place.sysroot(name);
    std::fs::write(
        &wrapper,
        format!("#!/bin/sh\nexec {DEBIAN_RUSTC} --sysroot '{}' \"$@\"\n", sysroot.display()),
    )?;
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(not(unix))]
fn make_sysroot(_: &Place, _: &str, _: &Path) -> Result<()> {
    bail!("install the target yourself: rustup target add {TARGET}")
}

/// `/usr/src/rustc-VERSION/library`, from the package rust-web-src.
fn debian_library_source() -> Result<PathBuf> {
    let version = answer(Command::new(DEBIAN_RUSTC).arg("--version"))?;
    let number = version.split_whitespace().nth(1).context("rustc does not tell its version")?;
    let source = PathBuf::from(format!("/usr/src/rustc-{number}/library"));
    if !source.is_dir() {
        bail!("{} is missing (package rust-web-src)", source.display());
    }
    Ok(source)
}
