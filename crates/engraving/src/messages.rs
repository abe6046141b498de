//! What a program says to the process that Verovio runs in, and what that answers.
//!
//! A request is the width as four bytes and MusicXML up to the end of the input. An answer is a letter for
//! its kind, the number of bytes that follow as four bytes, and those bytes. Numbers have their least byte
//! first.

use std::io::{self, Read, Write};

use crate::error::EngravingError;
use crate::verovio;

/// A page of SVG, or why there is none.
pub(crate) type Page = Result<String, EngravingError>;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub width_spaces: f32,
    pub music_xml: String,
}

impl Request {
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.width_spaces.to_le_bytes())?;
        to.write_all(self.music_xml.as_bytes())
    }

    fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut width = [0; 4];
        from.read_exact(&mut width)?;
        let mut music_xml = String::new();
        from.read_to_string(&mut music_xml)?;
        Ok(Self { width_spaces: f32::from_le_bytes(width), music_xml })
    }
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
    let request = Request::read(&mut input)?;
    let mut written = Ok(());
    let page = |svg: String| {
        written = answer(&mut output, PAGE, svg.as_bytes());
        written.is_ok()
    };
    let drawn = verovio::draw(&request.music_xml, request.width_spaces, page);
    written?;
    match drawn {
        Ok(()) => answer(&mut output, DONE, &[]),
        Err(EngravingError::Refused) => answer(&mut output, REFUSED, &[]),
        Err(error) => answer(&mut output, FAILED, error.to_string().as_bytes()),
    }
}

fn answer(output: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    output.write_all(&[kind])?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(bytes)?;
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
    let mut head = [0; 5];
    output.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    // Reserves no more than there is.
    let mut bytes = Vec::new();
    output.take(u32::from_le_bytes(length).into()).read_to_end(&mut bytes)?;
    Ok((kind, bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_is_written() {
        let request = Request { width_spaces: 81.5, music_xml: "<score-partwise/>".to_owned() };
        let mut bytes = Vec::new();
        request.write(&mut bytes).unwrap();
        assert_eq!(Request::read(&mut &bytes[..]).unwrap(), request);
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
