//! Seeds of performances.

use std::collections::BTreeSet;

use egui::{DragValue, Ui, vec2};
use protocol::TakeView;
use protocol::limits::LARGEST_SEED;

use crate::controls::{self, field_label};
use crate::icons::Icon;

/// The first seed from here on that no take has.
pub fn unused_seed(seed: u64, takes: &[TakeView]) -> u64 {
    let used: BTreeSet<u64> = takes.iter().map(|take| take.seed).collect();
    let mut seeds = (seed..=LARGEST_SEED).chain(0..seed);
    seeds.find(|seed| !used.contains(seed)).unwrap_or(seed)
}

/// Another seed, small enough to be read out.
pub fn another(seed: u64, time_secs: f64) -> u64 {
    // SplitMix64: neighbouring numbers end up far apart.
    let mut z = (seed ^ time_secs.to_bits()).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % 1_000_000
}

/// Draws a seed and whether it is kept; `hints` say what the number and keeping it do.
pub fn seed_ui(ui: &mut Ui, seed: &mut u64, is_kept: &mut bool, hints: [&str; 2]) {
    let [of_number, of_keeping] = hints;
    ui.horizontal(|ui| {
        number_ui(ui, seed, of_number);
        ui.checkbox(is_kept, "Keep").on_hover_text(of_keeping);
    });
}

/// Draws a seed beside a button that changes it.
pub fn number_ui(ui: &mut Ui, seed: &mut u64, hint: &str) {
    let label = field_label(ui, "Seed");
    let number = DragValue::new(seed).range(0..=LARGEST_SEED).speed(0.1);
    let size = vec2(64.0, ui.spacing().interact_size.y);
    ui.add_sized(size, number).labelled_by(label.id).on_hover_text(hint);
    let button = controls::icon_button(ui, Icon::Dice, "Another seed", false);
    if button.on_hover_text("Another seed").clicked() {
        *seed = another(*seed, ui.input(|i| i.time));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_that_a_take_has_is_passed_over() {
        let take = |seed| TakeView { seed, ..TakeView::default() };
        assert_eq!(unused_seed(1, &[take(1), take(2), take(4)]), 3);
        assert_eq!(unused_seed(LARGEST_SEED, &[take(LARGEST_SEED)]), 0);
        assert_eq!(unused_seed(7, &[]), 7);
    }

    #[test]
    fn other_seeds_differ() {
        assert_ne!(another(1, 2.0), another(2, 2.0));
        assert_ne!(another(1, 2.0), another(1, 3.0));
    }
}
