#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use super::*;

fn judged(who: Who, condition: Condition, f1: f64, secs: (f64, f64)) -> Judged {
    let rates = Rates { precision: f1, recall: f1, f1 };
    let scores = Scores { onset: rates, ends: rates, ..Scores::default() };
    Judged {
        who,
        instrument: Instrument::Generated,
        condition,
        name: "Bach".to_owned(),
        keys: 10,
        scores,
        took_secs: secs.0,
        sound_secs: secs.1,
    }
}

#[test]
fn rows_are_means_of_their_kind_and_the_package_stands_below_ours() {
    let wanted =
        Wanted { data: PathBuf::new(), split: "test".to_owned(), count: 2, secs: Some(60.0), seed: 1 };
    let sounds = vec![
        judged(Who::Package, Condition::Dry, 0.7, (30.0, 60.0)),
        judged(Who::Ours, Condition::Dry, 0.9, (10.0, 60.0)),
        judged(Who::Ours, Condition::Dry, 0.8, (50.0, 60.0)),
        judged(Who::Ours, Condition::Noise, 0.5, (60.0, 60.0)),
    ];
    let report = Report::of(&wanted, sounds, vec!["mp3: left out".to_owned()]);
    let found: Vec<(Who, Condition, usize)> =
        report.rows.iter().map(|row| (row.who, row.condition, row.sounds)).collect();
    let expected =
        [(Who::Ours, Condition::Dry, 2), (Who::Package, Condition::Dry, 1), (Who::Ours, Condition::Noise, 1)];
    assert_eq!(found, expected);
    assert!((report.rows[0].scores.onset.f1 - 0.85).abs() < 1e-12);
    assert!((report.rows[0].cost - 0.5).abs() < 1e-12);
    let text = report.to_string();
    let line: Vec<&str> = text.lines().nth(2).unwrap().split_whitespace().collect();
    let shown =
        ["generated", "dry", "espressivo", "2", "0.8500", "0.8500", "0.0000", "0.0000", "-", "-", "0.50"];
    assert_eq!(line, shown);
    assert!(text.starts_with("test split, seed 1: 2 pieces, 60 s of each"), "{text}");
    assert!(text.ends_with("mp3: left out\n"), "{text}");
}
