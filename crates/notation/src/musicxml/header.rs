//! Title, composer and the list of parts.

use std::borrow::Cow;

use super::reader::PageReader;
use super::xml::Tag;
use crate::error::ImportError;

impl<'a> PageReader<'a, '_> {
    /// One element of the score's header.
    pub(super) fn header(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        match tag.name() {
            "movement-title" => {
                let title = self.xml.text()?;
                set(&mut self.page.title, title);
                Ok(())
            }
            "work" => self.work(),
            "identification" => self.identification(),
            "credit" => self.credit(),
            _ => self.part_list(),
        }
    }

    fn work(&mut self) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            if tag.name() == "work-title" {
                let title = self.xml.text()?;
                set(&mut self.page.title, title);
            } else {
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    fn identification(&mut self) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            if tag.name() == "creator" && tag.is("type", "composer") {
                let composer = self.xml.text()?;
                set(&mut self.page.composer, composer);
            } else {
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    /// Text on the first page: says what it is by its credit type.
    fn credit(&mut self) -> Result<(), ImportError> {
        let (mut kind, mut words) = (Cow::Borrowed(""), None);
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "credit-type" => kind = self.xml.text()?,
                "credit-words" if words.is_none() => words = Some(self.xml.text()?),
                _ => self.xml.skip()?,
            }
        }
        match (kind.as_ref(), words) {
            ("title", Some(words)) => set(&mut self.page.title, words),
            ("composer", Some(words)) => set(&mut self.page.composer, words),
            _ => {}
        }
        Ok(())
    }

    fn part_list(&mut self) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            if tag.name() != "score-part" {
                self.xml.skip()?;
                continue;
            }
            let id = tag.attribute("id").unwrap_or_default().into_owned();
            let mut name = String::new();
            while let Some(tag) = self.xml.child()? {
                if tag.name() == "part-name" {
                    name = self.xml.text()?.into_owned();
                } else {
                    self.xml.skip()?;
                }
            }
            self.add_part(&id, name)?;
        }
        Ok(())
    }
}

/// The first text wins; empty ones do not count.
fn set(field: &mut Option<String>, text: Cow<'_, str>) {
    if field.is_none() && !text.is_empty() {
        *field = Some(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}
