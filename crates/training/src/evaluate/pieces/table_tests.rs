use super::super::{DataRow, Row};
use super::*;

#[test]
fn every_row_has_as_many_columns_as_its_head() {
    let figures = Figures { upc: 5.0, pr: 50.0, aps: 10.0, dstd: 0.25, ioi: 0.15, avi: 8.0 };
    let row = |name: &str, first_is_nearer| Row {
        name: name.to_owned(),
        pieces: 20,
        figures,
        first_is_nearer,
        checked: Checked::default(),
        copied: Copied { bars: 640, copied: 0.05, nearest: 0.5 },
    };
    let data = DataRow { passages: 200, figures };
    let report = PiecesReport {
        bars: 32,
        data,
        held_out: data,
        held_out_copied: Copied::default(),
        rows: vec![row("full", None), row("plain", Some(4))],
    };
    let text = report.to_string();
    assert!(
        text.contains("| plain | 20 | 5.00 | 50.00 | 10.00 | 0.2500 | 0.1500 | 8.00 | full in 4 of 6 |"),
        "{text}"
    );
    assert!(text.contains("| full | 640 | 5.0 | 50.0 |"), "{text}");
    let columns = |line: &str| line.matches('|').count();
    for table in text.split("\n\n").filter(|part| part.starts_with('|')) {
        let head = table.lines().next().map(columns);
        assert!(table.lines().all(|line| Some(columns(line)) == head), "{table}");
    }
}
