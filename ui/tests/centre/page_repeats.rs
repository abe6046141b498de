//! What is repeated on the page: which pass a place means, how it is chosen, what is lit and followed.

use egui::Modifiers;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::Command;
use ui::UiCommand;

use crate::bench::{Bench, click, drag, rect, wheel};
use crate::common;
use crate::page::{bars_in_view, head, in_bar, paged_with, play_at};

/// The page of the piece whose bars 1 to 3 are repeated.
fn repeated() -> Harness<'static, Bench> {
    paged_with(common::repeated_model(), UiCommand::ViewPage)
}

/// Clicks where no head is, and gives the place that is gone to.
fn seek(harness: &mut Harness<'_, Bench>, number: usize, share: f32) -> f64 {
    let at = in_bar(harness, number, share);
    click(harness, at);
    // Two clicks in quick succession would be a double click.
    harness.run_steps(30);
    let sent = harness.state_mut().take();
    let [Command::SeekQuarters(quarters)] = sent[..] else { panic!("one seek, not {sent:?}") };
    quarters
}

/// Clicks on the number of a pass.
fn choose(harness: &mut Harness<'_, Bench>, label: &str) {
    let at = rect(harness, label).center();
    click(harness, at);
    harness.run_steps(30);
    assert_eq!(harness.state_mut().take(), [], "the music is not clicked on");
}

#[test]
fn a_click_seeks_in_the_pass_that_sounds() {
    let mut harness = repeated();
    assert_eq!(bars_in_view(&harness)[..5], [1, 2, 3, 4, 5], "each bar stands on the page once");
    for (played, expected) in [(1.0, 10.0), (17.3, 26.0), (30.0, 26.0)] {
        play_at(&mut harness, played);
        let quarters = seek(&mut harness, 3, 0.5);
        assert!((quarters - expected).abs() < 0.05, "from {played} to {quarters}");
    }
    // Far behind the repeat it is the first time again.
    play_at(&mut harness, 60.0);
    let page = rect(&harness, "Engraved page").center();
    wheel(&mut harness, page, 50.0, Modifiers::NONE);
    harness.run_steps(20);
    let quarters = seek(&mut harness, 3, 0.5);
    assert!((quarters - 10.0).abs() < 0.05, "{quarters}");
}

#[test]
fn the_pass_that_is_meant_is_chosen_above_the_bars() {
    let mut harness = repeated();
    // The repeat begins in the first system and goes on in the second.
    for label in ["Bar 1, time 1 of 2", "Bar 1, time 2 of 2", "Bar 3, time 2 of 2"] {
        harness.get_by_label(label);
    }
    assert!(harness.query_by_label_contains("Bar 2, time").is_none());
    assert!(harness.query_by_label_contains("Bar 5, time").is_none());
    choose(&mut harness, "Bar 1, time 2 of 2");
    let quarters = seek(&mut harness, 2, 0.5);
    assert!((quarters - 22.0).abs() < 0.05, "{quarters}");
    let way = [in_bar(&harness, 1, 0.3), in_bar(&harness, 3, 0.6)];
    drag(&mut harness, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(4..7));
    // Into the second ending, too.
    let way = [in_bar(&harness, 3, 0.3), in_bar(&harness, 5, 0.6)];
    drag(&mut harness, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(6..8));
    // Into the first ending, which the first time alone goes to: the bars between on the page, that time; and back.
    let way = [in_bar(&harness, 2, 0.3), in_bar(&harness, 4, 0.6)];
    drag(&mut harness, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(1..4));
    let way = [in_bar(&harness, 2, 0.3), in_bar(&harness, 4, 0.6), in_bar(&harness, 3, 0.6)];
    drag(&mut harness, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(5..7));
    let at = head(&harness, 0);
    click(&mut harness, at);
    let first_again = harness.state().model.score.notes.iter().position(|n| n.measure == 4).unwrap();
    assert_eq!(harness.state().centre.selected_notes(), [first_again as u32]);
    harness.run_steps(30);
    harness.state_mut().take();

    choose(&mut harness, "Bar 3, time 1 of 2");
    let quarters = seek(&mut harness, 2, 0.5);
    assert!((quarters - 6.0).abs() < 0.05, "{quarters}");
    // What is repeated in between is contained, as the ruler shows it.
    let way = [in_bar(&harness, 3, 0.3), in_bar(&harness, 5, 0.6)];
    drag(&mut harness, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(2..8));
}

#[test]
fn notes_are_lit_in_each_pass() {
    let mut harness = repeated();
    let mut seen = Vec::new();
    for quarters in [5.25, 21.25] {
        play_at(&mut harness, quarters);
        let page = harness.state().centre.page();
        let sheet = page.sheet().unwrap();
        let lit = page.lit().to_vec();
        assert!(!lit.is_empty());
        let bars: Vec<u32> =
            lit.iter().map(|note| harness.state().model.score.notes[*note as usize].measure).collect();
        assert_eq!(bars, vec![(quarters / 4.0) as u32; lit.len()], "of the pass that sounds");
        assert_eq!(harness.get_all_by_label_contains(" sounds").count(), lit.len());
        let heads =
            lit.iter().flat_map(|note| sheet.heads_of(*note)).map(|(system, head)| (system, head.left));
        let mut heads: Vec<(usize, f32)> = heads.collect();
        heads.sort_by(|a, b| a.1.total_cmp(&b.1));
        seen.push((heads, sheet.system_of(quarters), sheet.x_of(quarters)));
    }
    assert_eq!(seen[0], seen[1], "they stand at the same places");
}

#[test]
fn the_page_goes_back_with_a_repeat() {
    let mut harness = repeated();
    play_at(&mut harness, 60.0);
    assert!(!bars_in_view(&harness).contains(&1), "{:?}", bars_in_view(&harness));
    play_at(&mut harness, 16.5);
    assert!(bars_in_view(&harness).contains(&1), "{:?}", bars_in_view(&harness));
}
