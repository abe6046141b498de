//! A cursor over XML: children of an element one by one, text, attributes, line numbers.
//!
//! Nothing is kept but the position, so reading costs no memory, whatever the file's size.
//! Entities that a document type declares are not expanded.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::ImportError;
use crate::score::Place;

/// The start tag of an element that the caller has to consume (by children, text or skip).
pub(super) struct Tag<'a>(BytesStart<'a>);

impl<'a> Tag<'a> {
    /// The element's name, without a namespace prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute's value, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        let found = attributes.flatten().find(|a| a.key.into_inner() == name)?;
        if !found.value.contains('&') {
            return Some(found.value);
        }
        let resolved = quick_xml::escape::unescape(&found.value).map(Cow::into_owned);
        Some(Cow::Owned(resolved.unwrap_or_else(|_| found.value.into_owned())))
    }

    /// Names and raw values of all attributes.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        attributes.flatten().map(|a| (a.key.into_inner(), a.value))
    }

    /// An attribute's value as a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Whether an attribute has exactly this value.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.attribute(name).is_some_and(|v| v.trim() == value)
    }
}

/// A position in an XML text.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    depth: usize,
    max_depth: usize,
    /// Byte offset up to which lines have been counted, and the line there.
    counted: (usize, u32),
}

impl<'a> Xml<'a> {
    /// At the start of a text.
    pub fn new(text: &'a str, max_depth: usize) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, text, depth: 0, max_depth, counted: (0, 1) }
    }

    /// Line of the current position, from 1. Cheap when asked in order.
    pub fn line(&mut self) -> u32 {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        self.line_at(at)
    }

    fn line_at(&mut self, at: usize) -> u32 {
        let (from, line) = if self.counted.0 <= at { self.counted } else { (0, 1) };
        let new = self.text.as_bytes()[from..at].iter().filter(|b| **b == b'\n').count();
        self.counted = (at, line.saturating_add(u32::try_from(new).unwrap_or(u32::MAX)));
        self.counted.1
    }

    fn broken(&mut self, message: String) -> ImportError {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(0).min(self.text.len());
        let line = Some(self.line_at(at));
        ImportError::Xml { place: Place { line, ..Place::default() }, message }
    }

    fn event(&mut self) -> Result<Event<'a>, ImportError> {
        match self.reader.read_event() {
            Ok(Event::Start(tag)) => {
                self.depth += 1;
                if self.depth > self.max_depth {
                    return Err(ImportError::too_large("nested XML elements", self.max_depth as u64));
                }
                Ok(Event::Start(tag))
            }
            Ok(Event::End(tag)) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Event::End(tag))
            }
            Ok(Event::Eof) => {
                let line = Some(self.line_at(self.text.len()));
                let message = "the text ends before the score does".to_owned();
                Err(ImportError::Xml { place: Place { line, ..Place::default() }, message })
            }
            Ok(other) => Ok(other),
            Err(error) => Err(self.broken(error.to_string())),
        }
    }

    /// Whether the space before a tag is passed over without an event of its own: most of a file is
    /// indentation, but inside a text a space may stand beside an entity.
    fn pass_over_space(&mut self, is_wanted: bool) {
        self.reader.config_mut().trim_text_start = is_wanted;
    }

    /// The next child of the current element, or nothing at its end tag, which is then consumed.
    /// At the start of the document: the root element.
    pub fn child(&mut self) -> Result<Option<Tag<'a>>, ImportError> {
        self.pass_over_space(true);
        loop {
            match self.event()? {
                Event::Start(tag) => return Ok(Some(Tag(tag))),
                Event::End(_) => return Ok(None),
                _ => {}
            }
        }
    }

    /// Passes over the rest of the current element.
    pub fn skip(&mut self) -> Result<(), ImportError> {
        self.pass_over_space(true);
        let outer = self.depth;
        loop {
            if let Event::End(_) = self.event()?
                && self.depth < outer
            {
                return Ok(());
            }
        }
    }

    /// The text of the current element up to its end tag, trimmed; children are left out.
    pub fn text(&mut self) -> Result<Cow<'a, str>, ImportError> {
        self.pass_over_space(false);
        let outer = self.depth;
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        loop {
            match self.event()? {
                Event::End(_) if self.depth < outer => return Ok(trimmed(text)),
                Event::Text(t) if self.depth == outer => append(&mut text, t.into_inner()),
                Event::CData(t) if self.depth == outer => append(&mut text, t.into_inner()),
                Event::GeneralRef(reference) if self.depth == outer => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(character)) => Some(character.to_string()),
                        _ => quick_xml::escape::resolve_predefined_entity(&reference).map(str::to_owned),
                    };
                    append(&mut text, Cow::Owned(resolved.unwrap_or_default()));
                }
                _ => {}
            }
        }
    }

    /// The text of the current element as a number.
    pub fn number<T: std::str::FromStr>(&mut self) -> Result<Option<T>, ImportError> {
        Ok(self.text()?.parse().ok())
    }
}

fn append<'a>(text: &mut Cow<'a, str>, more: Cow<'a, str>) {
    if text.is_empty() {
        *text = more;
    } else {
        text.to_mut().push_str(&more);
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(t) => Cow::Borrowed(t.trim()),
        Cow::Owned(t) => Cow::Owned(t.trim().to_owned()),
    }
}
