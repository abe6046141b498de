#![allow(clippy::unwrap_used)]

use mood::listeners::ends::{BALANCED, DRAMATIC, SPACIOUS};

use super::*;

const STATES: usize = 2;

/// Ten players of six segments of two pieces. The rating follows the first cue, and as much the first finer cue;
/// one value of the classifier says the same as the cue, the other nothing.
fn known(segment: usize) -> Vec<Vec<f64>> {
    let of = |player: usize| {
        let cue = ((player * 3 + segment) % 10) as f64;
        let finer = ((player * 7 + 2 * segment) % 10) as f64;
        let noise = ((player * 5 + segment * segment) % 7) as f64;
        let mut known = vec![cue];
        known.resize(CUES, 0.0);
        known.push(finer);
        known.resize(HEARD, f64::NAN);
        known.extend([-2.0 * cue, noise]);
        known
    };
    (0..10).map(of).collect()
}

fn rated(finer: f64) -> Rated {
    let mut rated = Rated { scales: vec!["flat - spacious".into()], segments: Vec::new(), left_out: 0 };
    for k in 0..6 {
        let mut segment = Segment { piece: format!("piece {}", k % 2), ..Segment::default() };
        for (player, known) in known(k).iter().enumerate() {
            let rating = 0.2 + 0.02 * known[0] + 0.02 * finer * known[CUES];
            segment.add(&player.to_string(), &[rating], &[0.1], Some(5), [0.0; CUES]);
        }
        rated.segments.push(segment);
    }
    rated
}

#[test]
fn the_judge_takes_what_predicts_ratings_of_left_out_pieces() {
    let (judge, report) = fit(&rated(1.0), STATES, &known).unwrap();
    let row = &report.rows[0];
    assert!(row.finer.pieces.unwrap() > row.cues.pieces.unwrap() + 0.1, "{row:?}");
    assert!(row.judge.pieces.unwrap() > 0.9 && row.judge.players.unwrap() > 0.9, "{row:?}");
    assert_eq!(row.taken, [CUES, FINER, 0], "{row:?}");
    assert!(row.classifier.unwrap().pieces.unwrap() > 0.4 && report.has_classifier, "{row:?}");
    let (_, report) = fit(&rated(0.0), STATES, &known).unwrap();
    assert_eq!(report.rows[0].taken, [CUES, 0, 0], "{report:?}");
    let (_, report) =
        fit(&rated(1.0), 0, &|segment| known(segment).into_iter().map(|row| row[..HEARD].to_vec()).collect())
            .unwrap();
    assert_eq!((report.rows[0].all, report.rows[0].taken), (None, [CUES, FINER, 0]));
    // A cue of one more adds .14, pulled to zero, and one that is not known any more nothing.
    let scale = judge.scale("flat - spacious").unwrap();
    let mut change = vec![0.0; HEARD + STATES];
    (change[0], change[CUES]) = (1.0, f64::NAN);
    let moved = judge.predict(scale, &change);
    assert!((0.07..0.14).contains(&moved), "{moved}");
}

#[test]
fn a_judge_is_kept_and_a_damaged_one_is_named() {
    let models = tempfile::tempdir().unwrap();
    std::fs::create_dir(models.path().join("mood")).unwrap();
    assert_eq!(Judge::load(models.path()).unwrap(), None);
    let scale = Scale { name: "flat - spacious".into(), predicted: 0.25, weights: vec![0.5; HEARD] };
    let judge = Judge { classifier: None, sizes: vec![2.0; HEARD], scales: vec![scale] };
    judge.save(models.path()).unwrap();
    assert_eq!(Judge::load(models.path()).unwrap(), Some(judge.clone()));
    assert!(judge.classifier(models.path(), &Device::flex()).unwrap().is_none());
    // One that learned with a classifier which the models do not have.
    let with = Judge { classifier: Some("0123".into()), ..judge.clone() };
    let error = with.classifier(models.path(), &Device::flex()).err().unwrap().to_string();
    assert!(error.contains("judge.json") && error.contains("train listeners"), "{error}");
    for broken in [Judge { sizes: vec![0.0; HEARD], ..judge.clone() }, Judge { sizes: vec![2.0; 3], ..judge }]
    {
        broken.save(models.path()).unwrap();
        let error = Judge::load(models.path()).unwrap_err().to_string();
        assert!(error.contains("judge.json") && error.contains("damaged"), "{error}");
    }
}

#[test]
#[ignore = "needs the data folder"]
fn what_cues_do_not_tell_is_heard_in_finer_sides_of_playing_needs_data() {
    let rated = percepiano::read(&application::Folders::find().data.unwrap(), &|_| {}).unwrap();
    let (_, report) = learn(&rated, None, &|_| {}).unwrap();
    println!("{report}");
    for (scale, least) in [(DRAMATIC, 0.4), (SPACIOUS, 0.42), (BALANCED, 0.3)] {
        let row = report.rows.iter().find(|row| row.scale == scale).unwrap();
        assert!(row.judge.players.unwrap() > least && row.judge.players < row.ceiling, "{row:?}");
    }
    for row in report.rows.iter().filter(|row| [SPACIOUS, BALANCED].contains(&row.scale.as_str())) {
        assert!(row.finer.pieces.unwrap() > row.cues.pieces.unwrap() + 0.02, "{row:?}");
    }
}
