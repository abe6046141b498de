use super::*;

/// A table of five chords, each of a pitch of its own, and the keys of the given pitches.
fn table(pitches: &[u8]) -> Table {
    let emissions = (0..5).map(|pitch| (0..5).map(|chord| if chord == pitch { 3.0 } else { -5.0 }).collect());
    let row = |pitch: &u8| Costs {
        pitch: *pitch,
        stay: -1.0,
        go_on: 0.0,
        back: -2.0,
        jump: 0.0,
        gain: 1.0,
        extra: -2.0,
    };
    Table {
        start: vec![0.0, -9.0, -9.0, -9.0, -9.0],
        jump: vec![-8.0; 5],
        emissions: emissions.collect(),
        rows: pitches.iter().map(row).collect(),
    }
}

#[test]
fn paths_go_on_skip_and_jump() {
    let chords =
        |pitches: &[u8]| table(pitches).solve().into_iter().map(|(chord, _)| chord).collect::<Vec<_>>();
    assert_eq!(chords(&[0, 1, 2, 3, 4]), [0, 1, 2, 3, 4]);
    assert_eq!(chords(&[0, 1, 4]), [0, 1, 4]);
    let back = table(&[0, 1, 2, 3, 4, 0, 1, 2, 3]).solve();
    assert_eq!(back[5], (0, Op::Jump));
    assert_eq!(back[8], (3, Op::GoOn));
}

#[test]
fn blocks_do_not_change_the_path() {
    let pitches = [0, 1, 1, 2, 3, 4, 0, 1, 4, 3, 4, 2, 3, 4, 0, 0, 1, 2, 2, 3];
    let table = table(&pitches);
    let whole = table.solve_in(pitches.len());
    for block in 1..pitches.len() {
        assert_eq!(table.solve_in(block), whole, "blocks of {block}");
    }
}
