//! How chance that is left of people's playing is correlated: within a chord, from onset to onset, over a piece.

use neural::chance::Coherence;

/// What is left of a value at places of a performance, in their order: quarters from the beginning, and a number that
/// would be a normal one of its own if playing were left to chance.
pub(super) type Left = Vec<(f64, f64)>;

/// Places that are further apart have in common what the whole performance has.
const FAR_QUARTERS: f64 = 32.0;

/// Places up to so far apart tell how fast correlation falls.
const NEAR_QUARTERS: f64 = 8.0;

/// Distances within so many quarters are taken together.
const STEP_QUARTERS: f64 = 0.25;

/// Things at one place are no further apart, whatever rounding did.
const SAME_QUARTERS: f64 = 1e-6;

/// Correlations are tried in so many steps.
const TRIED: u32 = 100;

/// Fewest and most quarters that are tried, and by what factor.
const QUARTERS: (f64, f64, f64) = (0.05, 64.0, 1.1);

/// Products of pairs.
#[derive(Clone, Copy, Default)]
struct Pairs {
    products: f64,
    count: f64,
    quarters: f64,
}

impl Pairs {
    fn add(&mut self, product: f64, quarters: f64) {
        self.products += product;
        self.count += 1.0;
        self.quarters += quarters;
    }
}

/// The coherence that is nearest to what is left of performances. What hangs together over a whole performance is told
/// by pairs that are far apart, what a chord has in common by pairs at one place. Where there are none, as between
/// beats, that is what correlation comes to when places come near to each other.
pub(super) fn coherence_of(performances: &[Left]) -> Coherence {
    let all = || performances.iter().flatten();
    let variance = all().map(|(_, number)| number * number).sum::<f64>() / all().count().max(1) as f64;
    if variance <= 0.0 {
        return Coherence::default();
    }
    let far = performances.iter().map(|left| far(left)).fold(Pairs::default(), |sum, pairs| Pairs {
        products: sum.products + pairs.products,
        count: sum.count + pairs.count,
        quarters: 0.0,
    });
    let mut same = Pairs::default();
    let mut near = [Pairs::default(); (NEAR_QUARTERS / STEP_QUARTERS) as usize];
    performances.iter().for_each(|left| pairs(left, &mut same, &mut near));
    let correlation = |pairs: &Pairs| pairs.products / pairs.count / variance;
    let take = if far.count > 0.0 { correlation(&far).clamp(0.0, 1.0) } else { 0.0 };
    let falls: Vec<(f64, f64, f64)> = near
        .iter()
        .filter(|pairs| pairs.count > 0.0)
        .map(|pairs| (pairs.quarters / pairs.count, correlation(pairs), pairs.count))
        .collect();
    let chords = match same.count > 0.0 {
        true => vec![correlation(&same).clamp(take, 1.0)],
        false => (0..=TRIED).map(|k| take + (1.0 - take) * f64::from(k) / f64::from(TRIED)).collect(),
    };
    nearest(take, &chords, &falls)
}

/// The coherence that is nearest to correlations at distances, which weigh as many pairs as they are of.
fn nearest(take: f64, chords: &[f64], falls: &[(f64, f64, f64)]) -> Coherence {
    let (first, last, factor) = QUARTERS;
    let tried = std::iter::successors(Some(first), |quarters| Some(quarters * factor));
    let tried: Vec<f64> = tried.take_while(|quarters| *quarters <= last).collect();
    let error = |chord: f64, quarters: f64| -> f64 {
        let off = |(at, found, count): &(f64, f64, f64)| {
            count * (found - take - (chord - take) * (-at / quarters).exp()).powi(2)
        };
        falls.iter().map(off).sum()
    };
    let all = chords.iter().flat_map(|chord| tried.iter().map(|quarters| (*chord, *quarters)));
    let best = all.min_by(|a, b| error(a.0, a.1).total_cmp(&error(b.0, b.1)));
    let (chord, quarters) = best.unwrap_or((take, first));
    let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
    Coherence { chord: rounded(chord), take: rounded(take).min(rounded(chord)), quarters: rounded(quarters) }
}

/// Pairs at one place, and those near to each other by their distance.
fn pairs(left: &[(f64, f64)], same: &mut Pairs, near: &mut [Pairs]) {
    for (k, (at, number)) in left.iter().enumerate() {
        for (other_at, other) in &left[k + 1..] {
            let quarters = (other_at - at).abs();
            if quarters < SAME_QUARTERS {
                same.add(number * other, 0.0);
                continue;
            }
            match near.get_mut((quarters / STEP_QUARTERS) as usize) {
                Some(pairs) => pairs.add(number * other, quarters),
                None => break,
            }
        }
    }
}

/// Pairs that are far apart: sums over stretches, of which neighbours do not count.
fn far(left: &[(f64, f64)]) -> Pairs {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    for (at, number) in left {
        let stretch = (at.max(0.0) / FAR_QUARTERS) as usize;
        if stretches.len() <= stretch {
            stretches.resize(stretch + 1, (0.0, 0.0));
        }
        stretches[stretch].0 += number;
        stretches[stretch].1 += 1.0;
    }
    let mut found = Pairs::default();
    let (mut sum, mut count) = (0.0, 0.0);
    for (before, stretch) in stretches.iter().zip(stretches.iter().skip(2)) {
        sum += before.0;
        count += before.1;
        found.products += sum * stretch.0;
        found.count += count * stretch.1;
    }
    found
}

#[cfg(test)]
#[path = "correlated_tests.rs"]
mod tests;
