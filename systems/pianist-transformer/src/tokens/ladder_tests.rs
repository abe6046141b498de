use super::*;

fn pace(notes: &[(u16, u16)]) -> Pace {
    let mut pace = Pace::default();
    notes.iter().for_each(|(read, played)| pace.push(Some(*read), *played));
    pace
}

#[test]
fn a_time_as_expected_is_on_the_same_step_whatever_is_read() {
    // Half as fast as what is read, but for 250 ms more on both sides.
    let slow = pace(&[(400, 800); 32]);
    for read_ms in [50, 100, 333, 1000, 2000] {
        let step = Ladder::of_ioi(Some(read_ms), &slow).step(2 * read_ms);
        assert!((79..=81).contains(&step), "{read_ms} ms: step {step}");
        let even = Ladder::of_ioi(Some(read_ms), &Pace::default()).step(read_ms);
        assert_eq!(even, 80, "{read_ms} ms");
        // A fifth longer is 4.2 sixteenths of an octave.
        let late = Ladder::of_ioi(Some(read_ms), &Pace::default()).step(read_ms * 6 / 5);
        assert!((83..=84).contains(&late), "{read_ms} ms: step {late}");
    }
}

#[test]
fn only_the_last_notes_give_the_pace() {
    let mut notes = vec![(100, 300); 40];
    notes.extend([(100, 100); 64]);
    assert_eq!(pace(&notes).expected_ms(500), 500);
    // Twice as slow for 32 of 64 notes: (3200 + 6400 + 250) / (6400 + 250).
    notes.extend([(100, 200); 32]);
    assert_eq!(pace(&notes).expected_ms(1000), 1_000 * 9850 / 6650);
    let mut hidden = pace(&notes);
    let before = hidden.expected_ms(1000);
    hidden.push(None, 4000);
    // One note less counts.
    assert!(hidden.expected_ms(1000) >= before);
}

#[test]
fn every_time_is_on_one_step_and_chances_are_shared_evenly() {
    let ladders = [
        Ladder::of_ioi(Some(3), &Pace::default()),
        Ladder::of_ioi(Some(4990), &pace(&[(10, 400); 9])),
        Ladder::of_ioi(Some(0), &Pace::default()),
        Ladder::of_ioi(None, &Pace::default()),
        Ladder::of_duration(Some(700), &Pace::default()),
        Ladder::of_duration(None, &Pace::default()),
    ];
    for ladder in ladders {
        let slot = if ladder.kind() as usize >= Kind::Duration as usize { slot::DURATION } else { slot::IOI };
        let steps: Vec<f32> = (0..STEPS).map(|k| (k as f32 * 0.7).sin()).collect();
        let times = ladder.spread(&steps);
        assert_eq!(times.len(), range(slot).len());
        let widths: Vec<usize> = ladder.widths().collect();
        let mut found = vec![0.0; STEPS];
        for (ms, logit) in times.iter().enumerate() {
            found[ladder.step(ms as u16)] += logit.exp();
        }
        for (step, found) in found.iter().enumerate() {
            let expected = if widths[step] == 0 { 0.0 } else { steps[step].exp() };
            assert!((found - expected).abs() < 1e-3, "{:?}, step {step}: {found}", ladder.kind());
        }
    }
}
