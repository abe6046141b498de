//! The pictures in `docs/`, taken of the real window.
//!
//! Runs when asked for (`cargo xtask pictures`).

use std::path::{Path, PathBuf};

use crate::setup;
use crate::window::Window;

/// The piece in the pictures.
const PIECE: &str = "scores/chopin_prelude_op28_7.musicxml";

/// How it is played.
const MOOD: &str = "gentle, then passionate";

#[test]
#[ignore = "writes docs/*.png: cargo xtask pictures"]
fn pictures_on_demand() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (_data, desktop, words) = setup::desktop();
    let docs = |name: &str| -> PathBuf { root.join("docs").join(name).with_extension("png") };

    let window = Window::open(&desktop, &[]);
    window.find("Open…");
    window.settle();
    window.take_picture(&docs("start"));
    window.quit();
    words.forget();

    let window = Window::open(&desktop, &[&root.join(PIECE)]);
    words.wait("the prelude", |s| s.project.clone());
    window.click("Perform");
    words.wait("a take", |s| s.is_at_rest(1).then_some(()));
    window.click("Both");
    words.wait("pictures of the systems in view", |s| (s.drawn >= 2).then_some(()));
    window.settle();
    window.take_picture(&docs("page"));
    window.click("Roll");
    let (x, y) = window.find_where("text field", |w| w.role == "TextInput").centre();
    window.click_at(x, y);
    MOOD.chars().for_each(|letter| window.key(&[], letter));
    window.settle();
    window.click("Perform");
    words.wait("a take with a mood", |s| s.is_at_rest(2).then_some(()));
    window.settle();
    window.take_picture(&docs("roll"));
    window.compare_with("Deadpan");
    words.wait("a comparison", |s| s.project().compared);
    window.key(&[], 'c');
    window.settle();
    window.take_picture(&docs("compare"));
    window.quit();
}

impl Window<'_> {
    /// Waits until nothing moves any more, the pointer out of the way.
    fn settle(&self) {
        self.hover(&[(2.0, 2.0)]);
        std::thread::sleep(std::time::Duration::from_millis(1500));
    }

    fn compare_with(&self, version: &str) {
        self.click(&format!("Compare with {version}"));
    }
}
