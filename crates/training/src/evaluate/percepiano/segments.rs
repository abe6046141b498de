//! Performances of one segment by several players.

use notation::Score;
use performance::Performance;
use performance::cues::Cues;

/// What a file name says: piece and number of bars, player, segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub piece: String,
    pub player: String,
    pub segment: u32,
    /// The segment as it is written, which may begin with a zero.
    written: String,
}

impl Name {
    /// From a name without its ending.
    pub fn of(file: &str) -> Option<Self> {
        let mut parts = file.rsplitn(3, '_');
        let (written, player, piece) = (parts.next()?, parts.next()?, parts.next()?);
        let (piece, player, written) = (piece.to_owned(), player.to_owned(), written.to_owned());
        Some(Self { piece, player, segment: written.parse().ok()?, written })
    }

    /// Whether it is the score played literally.
    pub fn is_literal(&self) -> bool {
        self.player.starts_with("Score")
    }

    /// The name of its score.
    pub fn score(&self) -> String {
        format!("{}_Score_{}", self.piece, self.segment)
    }

    /// The piece: of a work its movement; a theme and its variations are one piece.
    pub fn work(&self) -> String {
        let says_which =
            |part: &&str| !part.ends_with("bars") && !part.starts_with("var") && *part != "thema";
        self.piece.split('_').filter(says_which).collect::<Vec<_>>().join("_")
    }

    /// The name under which the score is if it is not under that.
    pub fn other_score(&self) -> String {
        format!("{}_Score_{}", self.piece, self.written)
    }
}

/// What is known of one segment, a row a player.
#[derive(Clone, Debug, Default)]
pub struct Segment {
    /// Of which piece it is.
    pub piece: String,
    /// Who played.
    pub players: Vec<String>,
    /// Mean ratings, scale by scale.
    pub means: Vec<Vec<f64>>,
    /// Standard deviations between raters.
    pub sds: Vec<Vec<f64>>,
    /// How many rated, where it can be told.
    pub raters: Vec<Option<u32>>,
    /// What was played, as cues.
    pub cues: Vec<Cues>,
    /// What is written.
    pub score: Score,
    /// What was played, note by note.
    pub played: Vec<Performance>,
}

impl Segment {
    /// Adds a player.
    pub fn add(&mut self, player: &str, means: &[f64], sds: &[f64], raters: Option<u32>, cues: Cues) {
        self.players.push(player.to_owned());
        self.raters.push(raters);
        self.means.push(means.to_vec());
        self.sds.push(sds.to_vec());
        self.cues.push(cues);
    }

    /// How many players.
    pub fn len(&self) -> usize {
        self.means.len()
    }
}

/// Values less their mean within each segment, segment after segment; values that are missing stay so.
pub fn centred(segments: &[Segment], values: &dyn Fn(&Segment) -> Vec<f64>) -> Vec<f64> {
    let less_mean = |segment: &Segment| {
        let values = values(segment);
        let known = values.iter().filter(|value| value.is_finite());
        let mean = known.clone().sum::<f64>() / known.count() as f64;
        values.into_iter().map(move |value| value - mean)
    };
    segments.iter().flat_map(less_mean).collect()
}

/// Standard deviation of a scale's mean ratings between the players of a segment, over all segments.
pub fn deviation(segments: &[Segment], scale: usize) -> f64 {
    let centred = centred(segments, &|segment| segment.means.iter().map(|row| row[scale]).collect());
    let free: usize = segments.iter().map(|segment| segment.len().saturating_sub(1)).sum();
    (centred.iter().map(|value| value * value).sum::<f64>() / free.max(1) as f64).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::cues::CUES;

    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let name = Name::of("Schubert_D935_no.3_4bars_13_25").unwrap();
        assert_eq!(
            (name.piece.as_str(), name.player.as_str(), name.segment),
            ("Schubert_D935_no.3_4bars", "13", 25)
        );
        assert_eq!((name.score().as_str(), name.is_literal()), ("Schubert_D935_no.3_4bars_Score_25", false));
        assert!(Name::of("Beethoven_WoO80_var3_8bars_Score2_2").unwrap().is_literal());
        let padded = Name::of("Schubert_D960_mv2_16bars_1_08").unwrap();
        assert_eq!((padded.segment, padded.other_score().as_str()), (8, "Schubert_D960_mv2_16bars_Score_08"));
        let variation = Name::of("Beethoven_WoO80_var3_8bars_14_2").unwrap();
        assert_eq!(
            (variation.work().as_str(), name.work().as_str()),
            ("Beethoven_WoO80", "Schubert_D935_no.3")
        );
        assert_eq!(padded.work(), "Schubert_D960_mv2");
        assert_eq!(Name::of("x"), None);
        assert_eq!(Name::of("a_b_c"), None);
    }

    #[test]
    fn values_are_centred_within_their_segment() {
        let segment = |means: &[f64]| {
            let mut segment = Segment::default();
            means.iter().for_each(|mean| segment.add("1", &[*mean], &[0.0], None, [0.0; CUES]));
            segment
        };
        let segments = [segment(&[0.2, 0.4]), segment(&[0.9, 0.7, 0.8])];
        let centred = centred(&segments, &|segment| segment.means.iter().map(|row| row[0]).collect());
        for (found, expected) in centred.iter().zip([-0.1, 0.1, 0.1, -0.1, 0.0]) {
            assert!((found - expected).abs() < 1e-12, "{centred:?}");
        }
        // .04 over one and two degrees of freedom.
        assert!((deviation(&segments, 0) - (0.04f64 / 3.0).sqrt()).abs() < 1e-12);
    }
}
