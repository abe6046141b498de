//! What tests of training runs share.
// Each test uses a part of it.
#![allow(dead_code)]

use std::cell::Cell;

use burn::module::{ModuleMapper, Param};
use burn::tensor::{Distribution, Tensor};

/// Adds to every weight, since norms start at one.
pub struct Shake;

impl ModuleMapper for Shake {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|old| {
            let noise = Tensor::random(old.shape(), Distribution::Normal(0.0, 0.1), &old.device());
            old + noise
        })
    }
}

/// Fails unless a run that was stopped goes on as if it had not been, and another seed gives other weights. `run`
/// trains under a name with a seed until it is to stop and returns the bytes of the weights; those of a whole run with
/// the seed 1, under the name `whole`, come back.
pub fn goes_on(run: &impl Fn(&str, u64, &dyn Fn() -> bool) -> Vec<u8>) -> Vec<u8> {
    let uninterrupted = run("whole", 1, &|| false);
    let asked = Cell::new(0);
    let halfway = run("parts", 1, &|| asked.replace(asked.get() + 1) >= 3);
    assert_ne!(halfway, uninterrupted);
    assert!(run("parts", 1, &|| false) == uninterrupted, "the resumed run has other weights");
    assert_ne!(run("other", 2, &|| false), uninterrupted);
    uninterrupted
}
