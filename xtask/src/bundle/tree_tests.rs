#![allow(clippy::unwrap_used)]

use super::*;

/// A folder of its own for a test, which is gone at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("espressivo-tree-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_folder_is_copied_without_what_is_hidden_or_unwanted() {
    let scratch = Scratch::new("copied");
    let from = scratch.0.join("models");
    fs::create_dir_all(from.join("toy")).unwrap();
    for name in ["toy/weights", "toy/curve.csv", ".hidden", "README.md"] {
        fs::write(from.join(name), name).unwrap();
    }
    let tree = Tree::fresh(&scratch.0.join("tree")).unwrap();
    tree.copy_folder(&from, "usr/share/models", |name| !name.ends_with(".csv")).unwrap();
    let files = tree.files().unwrap();
    let names: Vec<_> =
        files.iter().map(|f| f.strip_prefix(tree.root()).unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["usr/share/models/README.md", "usr/share/models/toy/weights"]);
    assert_eq!(tree.size().unwrap(), ("README.md".len() + "toy/weights".len()) as u64);
}

#[test]
fn an_old_tree_is_gone() {
    let scratch = Scratch::new("old");
    let root = scratch.0.join("tree");
    Tree::fresh(&root).unwrap().put("usr/old", "old").unwrap();
    assert!(Tree::fresh(&root).unwrap().files().unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn everything_bears_one_time_and_only_programs_run() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("settled");
    let tree = Tree::fresh(&scratch.0.join("tree")).unwrap();
    tree.put("usr/bin/espressivo", "program").unwrap();
    tree.put("usr/share/espressivo/text", "text").unwrap();
    set_mode(&tree.path("usr/share/espressivo/text"), 0o600).unwrap();
    tree.settle(1_000_000).unwrap();
    let of = |place: &str| {
        let about = fs::metadata(tree.path(place)).unwrap();
        let secs = about.modified().unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        (about.permissions().mode() & 0o777, secs)
    };
    assert_eq!(of("usr/bin/espressivo"), (0o755, 1_000_000));
    assert_eq!(of("usr/share/espressivo/text"), (0o644, 1_000_000));
    assert_eq!(of("usr/share/espressivo"), (0o755, 1_000_000));
    assert_eq!(of("usr"), (0o755, 1_000_000));
}
