use super::*;
use crate::evaluate::variations::{DialRow, Ordered, Row};

fn report() -> Report {
    let similarity = Similarity { pitch: 0.634, onset: 0.7882, duration: 0.8884, equal: 0.1154 };
    let greedy = Likeness { similarity, broken: 2 };
    let row = |name: &str, asked| Row { name: name.to_owned(), greedy, sampled: greedy, asked };
    let asked = AskedRow {
        dial: DialRow { rank_correlation: 1.0, least: 0.9429, similarity: DIALS.to_vec() },
        ordered: Ordered { variations: 200, new: 0.995, ..Ordered::default() },
        copied: Copied { variations: 40, written: 155, ..Copied::default() },
        copied_ideas: Copied::default(),
        secs: 0.2,
        longest_secs: 0.34,
    };
    Report { segments: 40, notes: 56.7, rows: vec![row("balanced-kl", Some(asked)), row("no-kl", None)] }
}

/// Every line of a table has as many cells as its head.
#[test]
fn tables_are_whole() {
    let text = report().to_string();
    let mut tables = 0;
    for table in text.split("\n\n").filter(|part| part.starts_with('|')) {
        let cells: Vec<usize> = table.lines().map(|line| line.matches('|').count()).collect();
        assert!(cells.iter().all(|count| *count == cells[0]), "{table}");
        tables += 1;
    }
    assert_eq!(tables, 6, "{text}");
}

#[test]
fn every_model_has_its_likeness_and_only_those_that_were_asked_the_rest() {
    let text = report().to_string();
    for line in [
        "| balanced-kl, greedy | 63.40 | 78.82 | 88.84 | 11.54 | 2 |",
        "| no-kl, sampled | 63.40 | 78.82 | 88.84 | 11.54 | 2 |",
        "| paper, Full-KL | 71.01 | 77.99 | 88.65 | 9.44 | |",
        "| balanced-kl | 0.0 | 20.0 | 40.0 | 60.0 | 80.0 | 100.0 |",
        "| balanced-kl | 1.000 | 0.943 |",
        "| balanced-kl | 200 | 99.50 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 |",
        "| balanced-kl, 70 | 40 | 155 | 0.0 | 0.0 | 0.0 |",
        "| balanced-kl | 0.20 | 0.34 |",
    ] {
        assert!(text.lines().any(|found| found == line), "no {line} in {text}");
    }
    assert_eq!(text.matches("no-kl").count(), 2);
}
