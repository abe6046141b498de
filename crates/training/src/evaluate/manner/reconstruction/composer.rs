//! Scores, written again by the Composer from the codes of their beats.

use notation::Score;
use xmvae::ecp::{self, FAMILY, METRIC};
use xmvae::network::windows::consecutive;
use xmvae::network::{ComposerDecoder, Model, ScoreTokens, SubToken, score_tokens};

/// How a score is written again: counts of each kind of sub-token, and last of the codes of beats.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rewritten {
    /// How many were asked for.
    pub asked: [usize; 5],
    /// How many of them are told right.
    pub right: [usize; 5],
    /// The same with the codes of other beats of the window; of the codes themselves none is right then.
    pub right_otherwise: [usize; 5],
    /// The codes.
    pub codes: Vec<u16>,
}

/// Writes a score again, window by window, each sub-token given those before it as they are.
pub(super) fn write_again(model: &Model, score: &Score) -> Rewritten {
    let steps = score_tokens(&ecp::written(score).tokens);
    let mut rewritten = Rewritten::default();
    for window in consecutive(&steps, &model.settings().network) {
        let steps = &steps[window];
        let codes = model.codes(steps);
        let others = turned(&codes);
        follow(model, steps, &codes, &mut |sub_token, is_right| {
            rewritten.asked[sub_token] += 1;
            rewritten.right[sub_token] += usize::from(is_right);
        });
        follow(model, steps, &others, &mut |sub_token, is_right| {
            rewritten.right_otherwise[sub_token] += usize::from(is_right);
        });
        rewritten.codes.extend(codes);
    }
    rewritten
}

/// The codes in another order: each half a window away.
fn turned(codes: &[u16]) -> Vec<u16> {
    let mut turned = codes.to_vec();
    turned.rotate_left(codes.len() / 2);
    turned
}

/// Writes steps as they are, and tells of each sub-token which it is and whether the likeliest value is the one.
fn follow(model: &Model, steps: &[ScoreTokens], codes: &[u16], tell: &mut dyn FnMut(usize, bool)) {
    let mut decoder = ComposerDecoder::new(model);
    let mut codes = codes.iter();
    for step in steps {
        let code = if step[FAMILY] == METRIC { codes.next().copied() } else { None };
        decoder.next(&mut |sub_token, logits| {
            let (kind, truth) = match sub_token {
                SubToken::Family => (0, usize::from(step[0])),
                SubToken::Position => (1, usize::from(step[1])),
                SubToken::Pitch => (2, usize::from(step[2])),
                SubToken::Duration => (3, usize::from(step[3])),
                SubToken::Code => (4, code.map_or(0, |code| usize::from(code) + 1)),
            };
            tell(kind, likeliest(logits) == truth);
            truth
        });
    }
}

/// The likeliest value, the first of equals.
fn likeliest(logits: &[f32]) -> usize {
    let (mut best, mut most) = (0, f32::NEG_INFINITY);
    for (k, logit) in logits.iter().enumerate() {
        if *logit > most {
            (best, most) = (k, *logit);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_is_the_first_of_the_largest() {
        assert_eq!(likeliest(&[0.1, 2.0, -1.0, 2.0]), 1);
        assert_eq!(likeliest(&[]), 0);
    }

    #[test]
    fn codes_of_other_beats_are_those_of_the_window() {
        assert_eq!(turned(&[1, 2, 3, 4]), [3, 4, 1, 2]);
        assert!(turned(&[]).is_empty());
    }
}
