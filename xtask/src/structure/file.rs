//! What one source file declares, uses and names, apart from its tests.

use super::tokens::{Token, tokens};

/// A file, read.
#[derive(Debug, Default)]
pub struct File {
    /// The modules in the file: first the file's own, then those written in it with braces.
    pub modules: Vec<Module>,
    /// Calls of `unwrap()` outside tests.
    pub unwraps: usize,
    /// `#![cfg(test)]`: the file belongs to the tests.
    pub is_test: bool,
}

/// A module's content.
#[derive(Debug, Default)]
pub struct Module {
    /// Names of the modules around this one, inside the file.
    pub place: Vec<String>,
    /// `mod name;`
    pub children: Vec<Child>,
    pub uses: Vec<Use>,
    /// Names of functions, types, traits, constants and macros.
    pub defined: Vec<String>,
    /// Paths of two and more names in the code, such as `super::join::fit`.
    pub paths: Vec<Vec<String>>,
    /// All names in the code, without those in `use` and those of fields and methods.
    pub names: Vec<String>,
}

/// A module in a file of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Child {
    pub name: String,
    /// Compiled for tests only.
    pub is_test: bool,
    /// What `#[path = "…"]` says.
    pub path: Option<String>,
}

/// One name brought in by `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub path: Vec<String>,
    /// What it is called here; `*` for everything in it.
    pub name: String,
    /// Whether it is offered to other modules.
    pub is_public: bool,
}

/// Reads a file's source.
pub fn read(source: &str) -> File {
    let tokens = tokens(source);
    let mut reader =
        Reader { tokens: &tokens, at: 0, depth: 0, open: vec![(0, 0)], path: None, file: File::default() };
    reader.file.modules.push(Module::default());
    while reader.at < tokens.len() {
        reader.item();
    }
    reader.file
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Braces that are open.
    depth: usize,
    /// The modules that are open: the depth that their content has, and their index in the file.
    open: Vec<(usize, usize)>,
    /// What `#[path = "…"]` says of the module that comes next.
    path: Option<String>,
    file: File,
}

impl Reader<'_> {
    fn word(&self, ahead: usize) -> Option<&str> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn is_sign(&self, ahead: usize, sign: char) -> bool {
        self.tokens.get(self.at + ahead) == Some(&Token::Sign(sign))
    }

    fn module(&mut self) -> &mut Module {
        let index = self.open.last().map_or(0, |(_, index)| *index);
        &mut self.file.modules[index]
    }

    /// Takes what begins here, at least one token.
    fn item(&mut self) {
        if self.is_sign(0, '#') {
            return self.attribute();
        }
        if self.is_sign(0, '.')
            && self.word(1) == Some("unwrap")
            && self.is_sign(2, '(')
            && self.is_sign(3, ')')
        {
            self.file.unwraps += 1;
        }
        match self.word(0) {
            Some("mod") => self.declaration(false),
            Some("use") if !self.is_sign(1, '<') => self.usage(),
            Some("fn" | "struct" | "enum" | "union" | "trait" | "type" | "const" | "static") => {
                self.definition()
            }
            Some(_) => self.path(),
            None => self.sign(),
        }
    }

    fn sign(&mut self) {
        if self.is_sign(0, '{') {
            self.depth += 1;
        } else if self.is_sign(0, '}') {
            self.depth = self.depth.saturating_sub(1);
            if self.open.len() > 1 && self.open.last().is_some_and(|(depth, _)| *depth > self.depth) {
                self.open.pop();
            }
        }
        self.at += 1;
    }

    /// `#[…]`; what is for tests only is passed over.
    fn attribute(&mut self) {
        let is_inner = self.is_sign(1, '!');
        self.at += 1 + usize::from(is_inner);
        let start = self.at;
        self.skip_brackets();
        let attribute = &self.tokens[start..self.at];
        if let [_, Token::Word(key), Token::Sign('='), Token::Literal(value), _] = attribute
            && key == "path"
        {
            self.path = Some(value.trim_matches('"').to_owned());
        }
        if !is_for_tests(attribute) {
            return;
        }
        if is_inner {
            self.file.is_test = true;
            return;
        }
        while self.is_sign(0, '#') {
            self.at += 1;
            self.skip_brackets();
        }
        self.skip_visibility();
        if self.word(0) == Some("mod") && self.is_sign(2, ';') {
            self.declaration(true)
        } else {
            self.skip_item()
        }
    }

    /// `mod name;` or `mod name {`
    fn declaration(&mut self, is_test: bool) {
        let Some(name) = self.word(1).map(str::to_owned) else { return self.path() };
        if self.is_sign(2, ';') {
            let path = self.path.take();
            self.module().children.push(Child { name, is_test, path });
        } else if self.is_sign(2, '{') {
            let mut place = self.module().place.clone();
            place.push(name);
            self.depth += 1;
            self.open.push((self.depth, self.file.modules.len()));
            self.file.modules.push(Module { place, ..Module::default() });
        }
        self.at += 3;
    }

    /// `fn name`, `struct name` and the like; those of methods and inner functions do no harm.
    fn definition(&mut self) {
        let name = self.word(1).map(str::to_owned);
        self.module().defined.extend(name);
        self.at += 1;
    }

    /// `use …;`
    fn usage(&mut self) {
        let before = self.tokens[..self.at].last();
        let is_public =
            matches!(before, Some(Token::Word(word)) if word == "pub") || before == Some(&Token::Sign(')'));
        self.at += 1;
        let mut found = Vec::new();
        self.tree(&[], &mut found);
        let uses = found.into_iter().map(|(path, name)| Use { path, name, is_public });
        self.module().uses.extend(uses);
    }

    /// A branch of a `use`: `a::b`, `a::{b, c as d}` or `a::*`.
    fn tree(&mut self, before: &[String], found: &mut Vec<(Vec<String>, String)>) {
        let mut path = before.to_vec();
        while self.at < self.tokens.len() {
            if let Some(word) = self.word(0) {
                if word != "self" || path.is_empty() {
                    path.push(word.to_owned());
                }
            } else if self.is_sign(0, '*') {
                found.push((path.clone(), "*".to_owned()));
            } else if self.is_sign(0, '{') {
                self.at += 1;
                while self.at < self.tokens.len() && !self.is_sign(0, '}') {
                    self.tree(&path, found);
                    self.at += usize::from(self.is_sign(0, ','));
                }
            }
            let was_word = self.word(0).is_some();
            self.at += 1;
            if self.tokens.get(self.at) == Some(&Token::PathSeparator) {
                self.at += 1;
                continue;
            }
            if was_word {
                let renamed =
                    (self.word(0) == Some("as")).then(|| self.word(1).unwrap_or_default().to_owned());
                self.at += if renamed.is_some() { 2 } else { 0 };
                let name = renamed.or_else(|| path.last().cloned()).unwrap_or_default();
                found.push((path, name));
            }
            return;
        }
    }

    /// A name, or several with `::` between.
    fn path(&mut self) {
        let before = self.tokens[..self.at].last();
        let is_absolute = before == Some(&Token::PathSeparator);
        // A field or a method says nothing of the names that the module has.
        let is_member = before == Some(&Token::Sign('.'));
        let mut path = Vec::new();
        while let Some(word) = self.word(0) {
            path.push(word.to_owned());
            self.at += 1;
            if self.tokens.get(self.at) != Some(&Token::PathSeparator) || self.word(1).is_none() {
                break;
            }
            self.at += 1;
        }
        let module = self.module();
        if !is_member {
            module.names.extend(path.iter().cloned());
        }
        if path.len() > 1 && !is_absolute {
            module.paths.push(path);
        }
    }

    fn skip_visibility(&mut self) {
        if self.word(0) == Some("pub") {
            self.at += 1;
            if self.is_sign(0, '(') {
                self.skip_brackets();
            }
        }
    }

    /// Passes over a pair of brackets of any kind and what is between them.
    fn skip_brackets(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                Token::Sign('(' | '[' | '{') => depth += 1,
                Token::Sign(')' | ']' | '}') => depth -= 1,
                _ => {}
            }
            if depth <= 0 {
                return;
            }
        }
    }

    /// Passes over an item: to its semicolon, or to the end of its braces.
    fn skip_item(&mut self) {
        let is_statement = matches!(self.word(0), Some("use" | "const" | "static" | "type" | "let"));
        let ends_with_semicolon = is_statement && self.word(1) != Some("fn");
        while self.at < self.tokens.len() {
            if self.is_sign(0, ';') {
                self.at += 1;
                return;
            }
            let has_braces = self.is_sign(0, '{');
            if has_braces || self.is_sign(0, '(') || self.is_sign(0, '[') {
                self.skip_brackets();
            } else if self.is_sign(0, '}') {
                return;
            } else {
                self.at += 1;
            }
            if has_braces && !ends_with_semicolon {
                return;
            }
        }
    }
}

/// Whether an attribute, in its brackets, leaves something to the tests.
fn is_for_tests(attribute: &[Token]) -> bool {
    let words = || {
        attribute.iter().filter_map(|token| match token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        })
    };
    let first = words().next();
    let is_condition = first == Some("cfg") && words().any(|w| w == "test") && words().all(|w| w != "not");
    is_condition || (first == Some("test") && words().count() == 1)
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    fn own(source: &str) -> Module {
        read(source).modules.remove(0)
    }

    fn uses(source: &str) -> Vec<String> {
        let shown = |u: &Use| {
            format!("{} as {}{}", u.path.join("::"), u.name, if u.is_public { ", pub" } else { "" })
        };
        own(source).uses.iter().map(shown).collect()
    }

    #[test]
    fn every_name_of_a_use_is_found() {
        assert_eq!(uses("use super::a;"), ["super::a as a"]);
        assert_eq!(uses("pub(crate) use a::b as c; pub use d;"), ["a::b as c, pub", "d as d, pub"]);
        let nested = "use crate::{a::{self, B}, c::*, d::{e, f as g,},};";
        assert_eq!(
            uses(nested),
            ["crate::a as a", "crate::a::B as B", "crate::c as *", "crate::d::e as e", "crate::d::f as g"]
        );
        assert!(uses("fn f() -> impl Iterator + use<'_> {}").is_empty());
    }

    #[test]
    fn paths_in_the_code_are_found() {
        let module = own("fn f() { join::fit::<u8>(super::a::B, ::std::mem::take(x), y.z()) }");
        assert_eq!(module.paths, [vec!["join", "fit"], vec!["super", "a", "B"]]);
        assert!(module.names.iter().any(|n| n == "y") && module.names.iter().all(|n| n != "z"));
        assert_eq!(module.defined, ["f"]);
    }

    #[test]
    fn modules_are_found_in_files_and_in_braces() {
        let file = read("#[path = \"../x.rs\"] mod a; pub mod b { use super::c; mod d; fn e() {} } use f;");
        let child = Child { name: "a".into(), is_test: false, path: Some("../x.rs".into()) };
        assert_eq!(file.modules[0].children, [child]);
        assert_eq!(file.modules[0].uses[0].name, "f");
        assert_eq!((file.modules[1].place.join("::"), &*file.modules[1].uses[0].name), ("b".into(), "c"));
        assert_eq!((&*file.modules[1].children[0].name, &file.modules[1].children[0].path), ("d", &None));
    }

    #[test]
    fn tests_are_left_out() {
        let file = read(
            "#[cfg(test)] mod one { use a::b; fn f() { x.unwrap() } } \
             #[cfg(test)] #[allow(dead_code)] pub fn two() { c::d(); } \
             #[cfg(test)] mod three; #[cfg(test)] use e::f; #[cfg(test)] const G: [u8; 2] = [h::I; 2]; \
             #[test] fn four() { j::k() } #[cfg(not(test))] mod five; use l::m; fn n() { o.unwrap(); }",
        );
        let own = &file.modules[0];
        assert_eq!(file.modules.len(), 1);
        assert_eq!(own.uses.iter().map(|u| &*u.name).collect::<Vec<_>>(), ["m"]);
        assert!(own.paths.is_empty(), "{:?}", own.paths);
        let children: Vec<_> = own.children.iter().map(|c| (&*c.name, c.is_test)).collect();
        assert_eq!(children, [("three", true), ("five", false)]);
        assert_eq!(file.unwraps, 1);
        assert!(read("#![cfg(test)] use a;").is_test && !file.is_test);
    }
}
