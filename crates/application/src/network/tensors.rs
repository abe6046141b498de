//! Weights as a safetensors file.

use serde_json::json;

/// A tensor of a file.
pub(super) struct Tensor {
    pub(super) name: String,
    /// What its numbers are, in the words of the format: `F16` or `F32`.
    pub(super) kind: &'static str,
    pub(super) shape: Vec<u64>,
    /// Its numbers, row after row, little end first.
    pub(super) bytes: Vec<u8>,
}

/// The file of some tensors, ordered by name: the length of the header in eight bytes, the header as JSON, filled up
/// with spaces to a multiple of eight, and the numbers.
pub(super) fn safetensors(mut tensors: Vec<Tensor>) -> Vec<u8> {
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    let mut header = r#"{"__metadata__":{"format":"pt"}"#.to_owned();
    let mut begin = 0;
    for tensor in &tensors {
        let end = begin + tensor.bytes.len();
        let (name, kind, shape) = (json!(tensor.name), json!(tensor.kind), json!(tensor.shape));
        header += &format!(",{name}:{{\"dtype\":{kind},\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}");
        begin = end;
    }
    header.push('}');
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.reserve(header.len() + begin);
    file.extend(header.as_bytes());
    tensors.iter().for_each(|tensor| file.extend(&tensor.bytes));
    file
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_laid_out_as_the_format_says() {
        let tensor = |name: &str, bytes: &[u8]| Tensor {
            name: name.to_owned(),
            kind: "F16",
            shape: vec![1, bytes.len() as u64 / 2],
            bytes: bytes.to_vec(),
        };
        let file = safetensors(vec![tensor("b", &[5, 6]), tensor("a", &[1, 2, 3, 4])]);
        let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
        assert!(length.is_multiple_of(8));
        let header: serde_json::Value = serde_json::from_slice(&file[8..8 + length]).unwrap();
        assert_eq!(header["a"], json!({"dtype": "F16", "shape": [1, 2], "data_offsets": [0, 4]}));
        assert_eq!(header["b"], json!({"dtype": "F16", "shape": [1, 1], "data_offsets": [4, 6]}));
        assert_eq!(file[8 + length..], [1, 2, 3, 4, 5, 6]);
    }
}
