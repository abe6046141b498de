//! The modules of a crate, and which file uses which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::file::{self, Child, File, Module};

/// A file that uses something of another file of its crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: PathBuf,
    pub to: PathBuf,
    /// What is used, as it is written.
    pub what: String,
}

/// A crate's modules, by their path from the crate's root, which is empty.
#[derive(Default)]
pub struct Crate {
    modules: BTreeMap<Vec<String>, (PathBuf, Module)>,
    unwraps: usize,
}

/// Where a path leads.
enum Target {
    /// To a module itself.
    Module(Vec<String>),
    /// To something that this module defines.
    Item(Vec<String>),
}

impl Crate {
    /// Reads the files of a crate from its root file on, without those of its tests.
    pub fn read(root: &Path, text_of: &dyn Fn(&Path) -> Option<String>) -> Result<Self> {
        let mut found = Self::default();
        found.add(root, Vec::new(), true, text_of)?;
        Ok(found)
    }

    /// Calls of `unwrap()` outside tests.
    pub fn unwraps(&self) -> usize {
        self.unwraps
    }

    fn add(
        &mut self,
        path: &Path,
        place: Vec<String>,
        owns_folder: bool,
        text_of: &dyn Fn(&Path) -> Option<String>,
    ) -> Result<()> {
        let Some(text) = text_of(path) else { bail!("there is no file for a module at {}", path.display()) };
        let File { modules, unwraps, is_test } = file::read(&text);
        if is_test {
            return Ok(());
        }
        self.unwraps += unwraps;
        let folder =
            if owns_folder { path.parent().unwrap_or(path).to_owned() } else { path.with_extension("") };
        for module in modules {
            let mut here = place.clone();
            here.extend(module.place.iter().cloned());
            let folder = module.place.iter().fold(folder.clone(), |folder, name| folder.join(name));
            for child in module.children.iter().filter(|child| !child.is_test) {
                let mut place = here.clone();
                place.push(child.name.clone());
                let (file, owns_folder) = file_of(child, path, &folder, text_of);
                self.add(&file, place, owns_folder, text_of)?;
            }
            self.modules.insert(here, (path.to_owned(), module));
        }
        Ok(())
    }

    /// Which file uses which. Declaring a module, or offering what it defines to others, is no use.
    pub fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (place, (from, module)) in &self.modules {
            for path in self.used_paths(place, module) {
                let Some(Target::Item(owner)) = self.resolve(place, &path, 0) else { continue };
                let to = self.modules[&owner].0.clone();
                if to != *from {
                    edges.insert(Edge { from: from.clone(), to, what: path.join("::") });
                }
            }
        }
        edges
    }

    /// The paths by which a module's code uses something.
    fn used_paths(&self, place: &[String], module: &Module) -> Vec<Vec<String>> {
        let mut found = module.paths.clone();
        for used in &module.uses {
            if used.name == "*" {
                found.extend(self.through_glob(place, module, &used.path));
            } else if !used.is_public || module.names.contains(&used.name) {
                found.push(used.path.clone());
            }
        }
        found
    }

    /// What a module's code uses of one whose whole content it brings in.
    fn through_glob(&self, place: &[String], module: &Module, path: &[String]) -> Vec<Vec<String>> {
        let Some(Target::Module(inside)) = self.resolve(place, path, 0) else { return Vec::new() };
        let content = &self.modules[&inside].1;
        let offered = content.uses.iter().map(|u| &u.name).chain(&content.defined);
        let used: BTreeSet<&String> = offered.filter(|name| module.names.contains(name)).collect();
        used.into_iter().map(|name| path.iter().chain([name]).cloned().collect()).collect()
    }

    /// Where a path leads that is written in a module; none if it is another crate's. `depth` ends
    /// definitions that go in circles.
    fn resolve(&self, place: &[String], path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first().filter(|_| depth < 16)?;
        let start = match first.as_str() {
            "crate" => Target::Module(Vec::new()),
            "self" => Target::Module(place.to_owned()),
            "super" => Target::Module(place.split_last()?.1.to_owned()),
            name => self.inside(place, name, depth)?,
        };
        let mut at = start;
        for name in rest {
            at = match at {
                Target::Item(_) => break,
                Target::Module(module) if name == "super" => {
                    Target::Module(module.split_last()?.1.to_owned())
                }
                Target::Module(module) => match self.inside(&module, name, depth) {
                    Some(target) => target,
                    None => Target::Item(module),
                },
            };
        }
        Some(at)
    }

    /// What a name stands for in a module, if that is a module of its own or comes from elsewhere.
    fn inside(&self, place: &[String], name: &str, depth: usize) -> Option<Target> {
        let child: Vec<String> = place.iter().cloned().chain([name.to_owned()]).collect();
        if self.modules.contains_key(&child) {
            return Some(Target::Module(child));
        }
        let module = &self.modules.get(place)?.1;
        let brought = module.uses.iter().find(|u| u.name == name);
        if let Some(used) = brought {
            // `use serde;` names another crate, and so does what leads nowhere.
            let is_itself = used.path.len() == 1;
            return if is_itself { None } else { self.resolve(place, &used.path, depth + 1) };
        }
        let globs = module.uses.iter().filter(|u| u.name == "*" && !module.defined.iter().any(|d| d == name));
        globs.filter_map(|u| self.resolve(place, &u.path, depth + 1)).find_map(|target| match target {
            Target::Module(inside) if inside != place => self.defined_in(&inside, name, depth + 1),
            _ => None,
        })
    }

    /// What a name stands for in a module that defines it or brings it in.
    fn defined_in(&self, place: &[String], name: &str, depth: usize) -> Option<Target> {
        let module = &self.modules.get(place)?.1;
        if module.defined.iter().any(|d| d == name) {
            return Some(Target::Item(place.to_owned()));
        }
        if depth < 16 { self.inside(place, name, depth) } else { None }
    }
}

/// The file of a module that another file declares, and whether its own children are beside it.
fn file_of(
    child: &Child,
    parent: &Path,
    folder: &Path,
    text_of: &dyn Fn(&Path) -> Option<String>,
) -> (PathBuf, bool) {
    if let Some(path) = &child.path {
        return (parent.with_file_name(path), true);
    }
    let plain = folder.join(format!("{}.rs", child.name));
    match text_of(&plain) {
        Some(_) => (plain, false),
        None => (folder.join(&child.name).join("mod.rs"), true),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    /// `FROM -> TO` for every edge of a crate of these files.
    fn edges(files: &[(&str, &str)]) -> Vec<String> {
        let text_of = |path: &Path| {
            files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned())
        };
        let edges = Crate::read(Path::new(files[0].0), &text_of).unwrap().edges();
        let pairs: BTreeSet<_> =
            edges.iter().map(|e| format!("{} -> {}", e.from.display(), e.to.display())).collect();
        pairs.into_iter().collect()
    }

    #[test]
    fn a_use_leads_to_the_file_that_defines() {
        let files = [
            ("lib.rs", "mod a; pub mod b; pub use b::c::Deep;"),
            ("a.rs", "use super::b::Shown; use crate::Deep; use std::fmt;"),
            ("b/mod.rs", "mod c; pub use c::Shown;"),
            ("b/c.rs", "pub struct Shown; pub struct Deep;"),
        ];
        assert_eq!(edges(&files), ["a.rs -> b/c.rs"]);
    }

    #[test]
    fn a_parent_uses_what_it_names_and_not_what_it_offers() {
        let parent = |code| [("lib.rs", code), ("child.rs", "use super::Error; pub fn run() {}")];
        let child = "child.rs -> lib.rs";
        assert_eq!(edges(&parent("mod child; pub use child::run; pub struct Error;")), [child]);
        assert_eq!(
            edges(&parent("mod child; pub use child::run; pub struct Error; fn f() { run() }")),
            [child, "lib.rs -> child.rs"]
        );
        assert_eq!(edges(&parent("mod child; pub struct Error; fn f() { child::run() }")).len(), 2);
    }

    #[test]
    fn modules_are_used_through_their_names() {
        let files = [
            ("lib.rs", "mod a; mod b { pub mod c; }"),
            ("a.rs", "use crate::b::c; fn f() -> c::Type { self::g() }"),
            ("b/c.rs", "pub struct Type;"),
        ];
        assert_eq!(edges(&files), ["a.rs -> b/c.rs"]);
        let unused = [files[0], ("a.rs", "use crate::b::c as d;"), files[2]];
        assert!(edges(&unused).is_empty());
    }

    #[test]
    fn a_file_may_be_named() {
        let files = [
            ("app/main.rs", "#[path = \"../shared.rs\"] mod shared; fn f() { shared::g() }"),
            ("app/../shared.rs", "pub fn g() {}"),
        ];
        assert_eq!(edges(&files), ["app/main.rs -> app/../shared.rs"]);
    }

    #[test]
    fn a_glob_uses_the_names_that_occur() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use super::b::*; fn f(x: Shown) {}"),
            ("b.rs", "pub use super::c::*; pub struct Other;"),
            ("c.rs", "pub struct Shown;"),
        ];
        assert_eq!(
            edges(&[files[0], ("a.rs", "use super::b::*; fn f(x: Other) {}"), files[2], files[3]]),
            ["a.rs -> b.rs"]
        );
        assert_eq!(
            edges(&[files[0], ("a.rs", "use super::b::Shown;"), files[2], files[3]]),
            ["a.rs -> c.rs"]
        );
    }

    #[test]
    fn tests_use_nothing_and_missing_files_are_told() {
        let files = [
            ("lib.rs", "mod a; #[cfg(test)] mod tests;"),
            ("a.rs", "#[cfg(test)] mod t { use super::super::*; }"),
        ];
        assert!(edges(&files).is_empty());
        let message =
            Crate::read(Path::new("lib.rs"), &|p| (p == Path::new("lib.rs")).then(|| "mod gone;".into()));
        assert!(message.err().unwrap().to_string().contains("gone/mod.rs"));
    }
}
