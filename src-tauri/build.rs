//! Gives the app its page, its icon and its permissions.

use std::path::Path;

/// What the window shows when the face was not built: `cargo build` alone does not build it.
const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>Espressivo</title>\
<p>This build has no face. Start Espressivo with <code>cargo xtask run</code>.</p>\n";

/// What *About* names: names people know, and the packages behind them.
const PARTS: [(&str, &str); 6] = [
    ("Tauri", "tauri"),
    ("egui", "egui"),
    ("Burn", "burn"),
    ("rustysynth", "rustysynth"),
    ("cpal", "cpal"),
    ("midly", "midly"),
];

fn main() {
    if let Err(error) = build() {
        // A panic here would bury the reason under a backtrace.
        println!("cargo::error={error}");
    }
}

fn build() -> Result<(), Box<dyn std::error::Error>> {
    let page = Path::new("dist/index.html");
    if !page.exists() {
        std::fs::create_dir_all("dist")?;
        std::fs::write(page, PLACEHOLDER)?;
    }
    // Tests of the window are of no use without a face, and say so.
    let has_face = Path::new("dist/face_bg.wasm").exists();
    println!("cargo::rerun-if-changed=dist");
    println!("cargo::rustc-env=ESPRESSIVO_HAS_FACE={has_face}");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rustc-env=ESPRESSIVO_PARTS={}", parts(&std::fs::read_to_string("Cargo.lock")?));
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    let commands = tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml");
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))?;
    Ok(())
}

/// `Tauri 2.12.5;egui 0.37.0;…`
fn parts(lock: &str) -> String {
    let versions = PARTS.iter().filter_map(|(name, package)| {
        let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
        let version = lines.nth(1)?.strip_prefix("version = \"")?.trim_end_matches('"');
        Some(format!("{name} {version}"))
    });
    versions.collect::<Vec<_>>().join(";")
}
