//! The evaluation gives the figures that are known.
#![allow(clippy::unwrap_used)]

use application::Folders;
use burn::tensor::Device;
use training::evaluate::{AgreementReport, Five, Options, run};

fn report(performers: &[&str]) -> AgreementReport {
    let data = Folders::find().data.unwrap();
    let performers = performers.iter().map(|p| (*p).to_owned()).collect();
    let options = Options { data, performers, takes: 2, ..Options::default() };
    run(&options, &Device::flex(), &|_| {}).unwrap()
}

fn assert_near(name: &str, found: Five, expected: [f64; 5], tolerance: f64) {
    for (found, expected) in found.into_iter().zip(expected) {
        let found = found.unwrap();
        assert!((found - expected).abs() < tolerance, "{name}: {found:.3}, expected {expected}");
    }
}

#[test]
#[ignore = "needs the data folder"]
fn people_and_the_peer_have_their_published_figures_needs_data() {
    let report = report(&["rules"]);
    let humans = report.row("humans").unwrap();
    assert_near("humans", humans.agreement, [0.668, 0.512, 0.694, 0.401, 0.664], 0.01);
    let peer = report.row("pianist tr., published").unwrap();
    assert_eq!(peer.scores, 16);
    assert_near("peer", peer.agreement, [0.508, 0.178, 0.299, -0.031, 0.447], 0.02);
    assert_near("peer's spread", peer.spread, [0.91, 0.66, 1.20, 0.57, 0.99], 0.05);
    // The pooled figures that the peer published and that a blind draw gets (systems, B.8).
    let pooled = |name: &str| {
        let row = report.pooled.iter().find(|row| row.name == name).unwrap();
        (row.overall_js, row.overall_ia)
    };
    let (js, ia) = pooled("pianist tr., its pieces");
    assert!((js - 0.163).abs() < 0.004 && (ia - 0.849).abs() < 0.004, "{js} {ia}");
    let (js, ia) = pooled("blind draw");
    assert!((js - 0.063).abs() < 0.01 && (ia - 0.945).abs() < 0.01, "{js} {ia}");
    assert!(pooled("humans, first | others").1 > pooled("rules").1);
    let rules = report.row("rules").unwrap();
    assert!(rules.agreement[0].unwrap() > 0.375, "rules do worse than pitch and top note alone");
    let text = report.to_string();
    assert!(text.contains("humans") && text.contains("blind draw"), "{text}");
}
