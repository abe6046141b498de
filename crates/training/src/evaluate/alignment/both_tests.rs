#![allow(clippy::unwrap_used)]

use alignment::judge::Counts;

use super::super::peer::PeerRow;
use super::*;

fn ours(name: &str, right: usize, secs: f64) -> Row {
    let pairs = Counts { wanted: 100, found: 100, right };
    let none = Counts::default();
    Row {
        damage: Damage::Wrong,
        name: name.to_owned(),
        keys: 100,
        secs,
        pairs,
        wrong: none,
        missed: none,
        extra: none,
    }
}

fn theirs(name: &str, f1: Option<f64>, secs: f64) -> PeerRow {
    PeerRow { name: name.to_owned(), keys: 100, f1, secs }
}

#[test]
fn a_matcher_is_held_against_ours_on_what_it_finished() {
    let both = Both {
        ours: Table { rows: vec![ours("a", 90, 0.5), ours("b", 98, 0.5)] },
        peers: vec![Peer {
            kind: "wrong-keys".to_owned(),
            matcher: "dual".to_owned(),
            rows: vec![theirs("a", None, 60.0), theirs("b", Some(0.95), 20.0)],
        }],
    };
    let text = both.to_string();
    let fields = |line: usize| text.lines().nth(line).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(fields(1), ["wrong", "keys", "2", "ours", "0.9400", "0.9000", "1.0", "200"]);
    assert_eq!(fields(2), ["1", "dual", "0.9500", "0.9500", "20.0", "5", "1", "0.9800"]);
    let nothing = Peer { rows: vec![theirs("a", None, 60.0)], ..both.peers[0].clone() };
    let text = Both { peers: vec![nothing], ..both }.to_string();
    assert_eq!(text.lines().nth(2).unwrap().split_whitespace().collect::<Vec<_>>(), ["0", "dual", "1"]);
}
