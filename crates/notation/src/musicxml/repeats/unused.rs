//! Which signs were followed, and why others were not.

use super::cuts::Cuts;

/// Which signs of a cut have been followed.
#[derive(Clone, Copy, Default)]
pub(super) struct Used {
    pub segno: bool,
    pub coda: bool,
    pub to_coda: bool,
    pub fine: bool,
    /// D.C. and D.S.
    pub jumps: [bool; 2],
}

/// Signs that were not followed, and why.
pub(super) fn unused(map: &Cuts, followed: &[Used]) -> Vec<(usize, &'static str)> {
    let mut unused = Vec::new();
    let last = map.cuts.len().saturating_sub(1);
    let (has_coda, has_jump) = (
        map.cuts.iter().any(|cut| cut.coda.is_some()),
        followed.iter().any(|used| used.jumps.contains(&true)),
    );
    let led_to_segno = map.cuts.iter().any(|c| c.segno.is_some());
    for (k, (cut, used)) in map.cuts.iter().zip(followed).enumerate() {
        let mut add = |sign: Option<usize>, why| unused.extend(sign.map(|sign| (sign, why)));
        for (jump, sign) in &cut.jumps {
            if !used.jumps[usize::from(jump.to_segno)] {
                add(Some(*sign), "playing never comes to this D.C. or D.S.");
            } else if jump.to_segno && !led_to_segno {
                add(Some(*sign), "there is no segno for this D.S.; it goes back to the beginning");
            }
        }
        if !used.segno && cut.to_coda != cut.segno {
            add(cut.segno, "no D.S. goes back to this segno");
        }
        if !used.coda && !cut.coda_is_word {
            add(cut.coda, "nothing leads to this coda sign");
        }
        if !used.to_coda {
            let without_coda =
                if has_coda { "this To Coda is not taken" } else { "this To Coda has no coda" };
            add(cut.to_coda, if has_jump { without_coda } else { "no D.C. or D.S. leads to this To Coda" });
        }
        // At the very end a Fine says what is so anyway.
        if !used.fine && k != last && cut.to_coda != cut.fine {
            add(cut.fine, "playing does not end at this Fine");
        }
    }
    unused
}
