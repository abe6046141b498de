//! Whom a WAV file names: a list `INFO` behind its sound, as *Multimedia Programming Interface and Data
//! Specifications 1.0* (1991) has it. Programs that do not know it pass over it.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// Longest text, in bytes; the sound leaves room for it.
const LONGEST: usize = 1000;

/// Where a RIFF file says how long it is without its first eight bytes.
const LENGTH_AT: u64 = 4;

/// Appends who must be named to a finished WAV file, which may be open for writing alone.
pub(super) fn append(file: &mut File, credits: &str) -> io::Result<()> {
    let list = list(credits);
    let end = file.seek(SeekFrom::End(0))?;
    let length = u32::try_from((end + list.len() as u64).saturating_sub(8)).map_err(io::Error::other)?;
    file.write_all(&list)?;
    file.seek(SeekFrom::Start(LENGTH_AT))?;
    file.write_all(&length.to_le_bytes())?;
    file.seek(SeekFrom::End(0)).map(|_| ())
}

/// The chunk `LIST` with a comment and the program that wrote it.
fn list(credits: &str) -> Vec<u8> {
    let mut body = b"INFO".to_vec();
    chunk(&mut body, b"ICMT", &text(&format!("Played on the {credits}")));
    chunk(&mut body, b"ISFT", &text("Espressivo"));
    let mut list = Vec::new();
    chunk(&mut list, b"LIST", &body);
    list
}

/// A text with the zero at its end, cut where it is too long.
fn text(text: &str) -> Vec<u8> {
    let end = (0..=text.len().min(LONGEST)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut bytes = text.as_bytes().get(..end).unwrap_or_default().to_vec();
    bytes.push(0);
    bytes
}

/// Appends a chunk, which takes an even number of bytes.
fn chunk(to: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    to.extend(name);
    // Texts are short.
    to.extend((body.len() as u32).to_le_bytes());
    to.extend(body);
    if body.len() % 2 == 1 {
        to.push(0);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_file_names_whom_it_must_and_its_sound_stays() {
        let mut file = tempfile::tempfile().unwrap();
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 44_100,
            bits_per_sample: 24,
            sample_format: hound::SampleFormat::Int,
        };
        let samples: Vec<i32> = (0..1000).collect();
        let mut wav = hound::WavWriter::new(&mut file, spec).unwrap();
        samples.iter().for_each(|sample| wav.write_sample(*sample).unwrap());
        wav.finalize().unwrap();
        append(&mut file, "grand piano by Ä, CC BY 3.0").unwrap();
        file.rewind().unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert_eq!(u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize, bytes.len() - 8);
        assert!(String::from_utf8_lossy(&bytes).contains("Played on the grand piano by Ä, CC BY 3.0\0"));
        let read = hound::WavReader::new(&bytes[..]).unwrap().into_samples::<i32>();
        assert_eq!(read.map(Result::unwrap).collect::<Vec<_>>(), samples);
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let cut = text(&"ä".repeat(LONGEST));
        assert_eq!(cut.len(), LONGEST + 1);
        assert!(std::str::from_utf8(&cut).is_ok());
        assert!(list(&"x".repeat(4000)).len() < 4096 - 100);
    }
}
