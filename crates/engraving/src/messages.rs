//! What a program says to the process that Verovio runs in, and what that answers.
//!
//! A request is the width as four bytes, the folder and the MusicXML; an answer is a letter for its kind and
//! a text. Before a text stands its number of bytes as four bytes. Numbers have their least byte first.

use std::io::{self, Read, Write};

use crate::error::EngravingError;
use crate::verovio::{self, Page, Request};

/// Writes a request.
pub(crate) fn ask(to: &mut impl Write, request: &Request) -> io::Result<()> {
    to.write_all(&request.width_spaces.to_le_bytes())?;
    write_block(to, request.folder.as_bytes())?;
    write_block(to, request.music_xml.as_bytes())?;
    to.flush()
}

fn read_request(from: &mut impl Read) -> io::Result<Request> {
    let mut width = [0; 4];
    from.read_exact(&mut width)?;
    let mut text = || String::from_utf8(read_block(from)?).map_err(io::Error::other);
    Ok(Request { width_spaces: f32::from_le_bytes(width), folder: text()?, music_xml: text()? })
}

/// Kinds of answers.
const PAGE: u8 = b'p';
const DONE: u8 = b'd';
const REFUSED: u8 = b'r';
const FAILED: u8 = b'f';

/// Answers what a program asks that called [`run_apart`](crate::run_apart): reads a score from `input` and
/// writes its pages to `output`.
///
/// # Errors
/// When input or output break off.
pub fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let request = read_request(&mut input)?;
    let mut written = Ok(());
    let page = |svg: String| {
        written = answer(&mut output, PAGE, svg.as_bytes());
        written.is_ok()
    };
    let drawn = verovio::draw(&request, page);
    written?;
    match drawn {
        Ok(()) => answer(&mut output, DONE, &[]),
        Err(EngravingError::Refused) => answer(&mut output, REFUSED, &[]),
        Err(error) => answer(&mut output, FAILED, error.to_string().as_bytes()),
    }
}

fn answer(output: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    output.write_all(&[kind])?;
    write_block(output, bytes)?;
    output.flush()
}

/// Reads an answer; nothing if all pages have come.
pub(crate) fn read(output: &mut impl Read) -> Option<Page> {
    let (kind, bytes) = match read_answer(output) {
        Ok(answer) => answer,
        Err(_) => return Some(Err(EngravingError::Ended)),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match kind {
        PAGE => Some(Ok(text)),
        DONE => None,
        REFUSED => Some(Err(EngravingError::Refused)),
        FAILED => Some(Err(EngravingError::Verovio(text))),
        _ => Some(Err(EngravingError::Ended)),
    }
}

fn read_answer(output: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut kind = [0];
    output.read_exact(&mut kind)?;
    Ok((kind[0], read_block(output)?))
}

fn write_block(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(bytes)
}

fn read_block(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    // Reserves no more than there is.
    let mut bytes = Vec::new();
    let count = from.take(length.into()).read_to_end(&mut bytes)?;
    if count == length as usize { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_is_written() {
        let (folder, music_xml) = ("/tmp/a".to_owned(), "<score-partwise/>".to_owned());
        let request = Request { width_spaces: 81.5, folder, music_xml };
        let mut bytes = Vec::new();
        ask(&mut bytes, &request).unwrap();
        assert_eq!(read_request(&mut &bytes[..]).unwrap(), request);
        assert!(read_request(&mut &bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn answers_are_read_as_they_are_written() {
        let mut bytes = Vec::new();
        answer(&mut bytes, PAGE, "<svg/>".as_bytes()).unwrap();
        answer(&mut bytes, FAILED, "no room".as_bytes()).unwrap();
        answer(&mut bytes, DONE, &[]).unwrap();
        let output = &mut &bytes[..];
        assert_eq!(read(output).unwrap().unwrap(), "<svg/>");
        assert!(matches!(read(output), Some(Err(EngravingError::Verovio(text))) if text == "no room"));
        assert!(read(output).is_none());
        assert!(matches!(read(output), Some(Err(EngravingError::Ended))), "what breaks off is not done");
    }
}
