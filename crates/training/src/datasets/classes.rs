//! Names of directions in the containers, which are the class names of the partitura package.

use notation::DirectionKind;
use notation::words;

/// The class of a direction; nothing for what containers do not list (metronome marks have a list
/// of their own) and for plain words.
pub fn class(kind: DirectionKind) -> Option<&'static str> {
    Some(match kind {
        DirectionKind::Dynamic(_) => "ConstantLoudnessDirection",
        DirectionKind::Sforzando => "ImpulsiveLoudnessDirection",
        DirectionKind::Crescendo => "IncreasingLoudnessDirection",
        DirectionKind::Diminuendo => "DecreasingLoudnessDirection",
        DirectionKind::Tempo(_) => "ConstantTempoDirection",
        DirectionKind::Ritardando => "DecreasingTempoDirection",
        DirectionKind::Accelerando => "IncreasingTempoDirection",
        DirectionKind::ATempo => "ResetTempoDirection",
        DirectionKind::SustainPedal => "SustainPedalDirection",
        DirectionKind::Metronome(_)
        | DirectionKind::SoftPedal
        | DirectionKind::Words
        | DirectionKind::Fermata => return None,
    })
}

/// What a class and its text ask for; nothing for classes that the columns of table `score` hold
/// (dynamics and hairpins) and for those that ask for nothing known.
pub fn kind(class: &str, text: &str) -> Option<DirectionKind> {
    Some(match class {
        "ImpulsiveLoudnessDirection" => DirectionKind::Sforzando,
        "SustainPedalDirection" => DirectionKind::SustainPedal,
        "DecreasingTempoDirection" => DirectionKind::Ritardando,
        "IncreasingTempoDirection" => DirectionKind::Accelerando,
        "ResetTempoDirection" => DirectionKind::ATempo,
        "ConstantTempoDirection" => match words::meaning(text) {
            kind @ DirectionKind::Tempo(_) => kind,
            _ => DirectionKind::Words,
        },
        _ => return None,
    })
}

/// Length in quarters of a metronome unit: `q`, `e`, `h`, `q.`.
pub fn unit_quarters(unit: &str) -> f64 {
    let base = match unit.trim_end_matches('.') {
        "w" => 4.0,
        "h" => 2.0,
        "e" => 0.5,
        "s" => 0.25,
        _ => 1.0,
    };
    if unit.ends_with('.') { base * 1.5 } else { base }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_kinds_belong_together() {
        let kinds = [
            (DirectionKind::Sforzando, "sfz"),
            (DirectionKind::SustainPedal, ""),
            (DirectionKind::Ritardando, "rit."),
            (DirectionKind::Accelerando, "accel."),
            (DirectionKind::ATempo, "a tempo"),
            (DirectionKind::Tempo(Some(132.0)), "Allegro"),
        ];
        for (expected, text) in kinds {
            assert_eq!(class(expected).and_then(|c| kind(c, text)), Some(expected), "{text}");
        }
        assert_eq!(class(DirectionKind::Words), None);
    }

    #[test]
    fn units_count_in_quarters() {
        let quarters = ["q", "e", "h.", "q.", "None"].map(unit_quarters);
        assert_eq!(quarters, [1.0, 0.5, 3.0, 1.5, 1.0]);
    }
}
