//! Writing XML: elements on lines of their own, and text with what XML cannot hold taken out.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::error::WriteError;

/// Names and values of attributes.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A document while it is written.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
    open: Vec<&'static str>,
    /// What went wrong first. The document is in memory, so nothing should.
    failed: Option<io::Error>,
}

impl Xml {
    /// A document with the declaration of XML and, if there is one, of its type.
    pub fn new(doctype: Option<&str>) -> Self {
        let writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        let mut xml = Self { writer, open: Vec::new(), failed: None };
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        if let Some(doctype) = doctype {
            xml.write(Event::DocType(BytesText::from_escaped(doctype)));
        }
        xml
    }

    /// Starts an element.
    pub fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.write(Event::Start(tag(name, attributes)));
        self.open.push(name);
    }

    /// Ends the element that was started last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.write(Event::End(BytesEnd::new(name)));
        }
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Empty(tag(name, attributes)));
    }

    /// An element with text.
    pub fn leaf(&mut self, name: &str, text: &str) {
        self.leaf_with(name, &[], text);
    }

    /// An element with attributes and text.
    pub fn leaf_with(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.write(Event::Start(tag(name, attributes)));
        let text = in_xml(text);
        self.write(Event::Text(BytesText::from_escaped(partial_escape(text.as_ref()))));
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// The whole document.
    pub fn finish(mut self) -> Result<String, WriteError> {
        while !self.open.is_empty() {
            self.close();
        }
        if let Some(error) = self.failed {
            return Err(WriteError::Output(error.to_string()));
        }
        let mut bytes = self.writer.into_inner();
        bytes.push(b'\n');
        String::from_utf8(bytes).map_err(|error| WriteError::Output(error.to_string()))
    }

    fn write(&mut self, event: Event<'_>) {
        if let Err(error) = self.writer.write_event(event) {
            self.failed.get_or_insert(error);
        }
    }
}

/// The start tag of an element.
fn tag<'t>(name: &'t str, attributes: Attributes<'_>) -> BytesStart<'t> {
    let mut tag = BytesStart::new(name);
    for (name, value) in attributes {
        tag.push_attribute((*name, in_xml(value).as_ref()));
    }
    tag
}

/// A text without the characters that XML 1.0 does not have.
fn in_xml(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_in_xml) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_in_xml(*c)).collect())
}

/// Whether XML 1.0 has a character (section 2.2).
fn is_in_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_escaped_and_what_xml_has_not_is_left_out() {
        let mut xml = Xml::new(None);
        xml.open("a", &[("b", "\"<&>\"")]);
        xml.leaf("c", "1 < 2 & \u{1}\u{ffff}é");
        xml.empty("d", &[]);
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <a b=\"&quot;&lt;&amp;&gt;&quot;\">\n <c>1 &lt; 2 &amp; é</c>\n <d/>\n</a>\n";
        assert_eq!(xml.finish().unwrap(), expected);
    }
}
