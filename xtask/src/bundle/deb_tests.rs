#![allow(clippy::unwrap_used)]

use super::*;

fn template() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    contents::packaging(root, &Release { version: "0.1.0".into(), epoch: 0 }, "control").unwrap()
}

#[test]
fn a_package_says_what_it_is_and_what_it_needs() {
    let needed = "libc6 (>= 2.34), libwebkit2gtk-4.1-0";
    let control = Control { template: &template(), architecture: "amd64", needed, bytes: 2_049 };
    let text = control.text();
    for line in [
        "Package: espressivo",
        "Version: 0.1.0",
        "Architecture: amd64",
        "Installed-Size: 3",
        "Depends: libc6 (>= 2.34), libwebkit2gtk-4.1-0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
    }
    assert!(!text.contains('@') || text.matches('@').count() == 1, "something was not filled in:\n{text}");
    // Fields and continued lines alone, and an end of line at the end.
    assert!(text.lines().all(|l| l.starts_with(' ') || l.contains(": ")) && text.ends_with('\n'));
}

/// Needs no root: two packings of one tree, made anew, are the same bytes.
#[test]
#[ignore = "needs dpkg-deb"]
fn the_same_files_give_the_same_package_needs_packager() {
    let scratch = std::env::temp_dir().join(format!("espressivo-deb-{}", std::process::id()));
    let packed = ["first", "second"].map(|name| {
        let tree = Tree::fresh(&scratch.join(name)).unwrap();
        tree.put("usr/bin/espressivo", "program").unwrap();
        tree.put("usr/share/espressivo/models/toy/weights", vec![7; 100_000]).unwrap();
        let needed = "libc6";
        let control = Control { template: &template(), architecture: "amd64", needed, bytes: 100_007 };
        fs::create_dir_all(tree.root().join("DEBIAN")).unwrap();
        fs::write(tree.root().join("DEBIAN/control"), control.text()).unwrap();
        fs::write(tree.root().join("DEBIAN/md5sums"), md5sums(&tree).unwrap()).unwrap();
        tree.settle(1_000_000_000).unwrap();
        let file = scratch.join(format!("{name}.deb"));
        build(&tree, 1_000_000_000, &file).unwrap();
        // A second that passes must not show.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        fs::read(file).unwrap()
    });
    fs::remove_dir_all(&scratch).unwrap();
    assert!(packed[0].len() > 500);
    assert_eq!(packed[0], packed[1]);
}
