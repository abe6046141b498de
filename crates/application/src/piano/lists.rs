//! What is fetched, and the sums of the files.

use std::collections::BTreeMap;

/// What messages call it.
pub(super) const WHAT: &str = "grand piano";

/// The file that is written when all others are there; it says which file is which key.
pub(super) const LAST: &str = "piano.json";

/// A package: where its files go, its name for npm, and SHA-256 of each file by name.
pub(super) struct Package {
    /// The folder within the piano's.
    pub folder: String,
    /// npm's name, with the version.
    pub name: String,
    /// The sums as hexadecimal digits.
    pub files: BTreeMap<String, String>,
}

/// Files that are written beside the packages' folders, the last of them when all is there.
pub(super) type Text = (&'static str, &'static str);

/// What there is to fetch. Tests bring their own.
pub(super) struct Lists {
    pub packages: Vec<Package>,
    pub texts: Vec<Text>,
}

impl Lists {
    /// Those of the grand piano.
    pub fn ours() -> Self {
        let texts = vec![("NOTICE", include_str!("NOTICE")), (LAST, include_str!("piano.json"))];
        Self::new(include_str!("packages.txt"), include_str!("files.sha256"), texts)
    }

    /// Reads lists: lines of a folder and a package's name, and lines as the program `sha256sum` writes them.
    pub fn new(packages: &str, sums: &str, texts: Vec<Text>) -> Self {
        let package = |(folder, name): (&str, &str)| Package {
            folder: folder.to_owned(),
            name: name.to_owned(),
            files: files_of(folder, sums),
        };
        let packages = packages.lines().filter_map(|line| line.split_once(' ')).map(package).collect();
        Self { packages, texts }
    }
}

/// The sums of the files in one folder.
fn files_of(folder: &str, sums: &str) -> BTreeMap<String, String> {
    let entries = sums.lines().filter_map(|line| {
        let (sum, path) = line.split_once("  ")?;
        let (of, name) = path.split_once('/')?;
        (of == folder).then(|| (name.to_owned(), sum.to_owned()))
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::piano::{CREDITS, NAME};

    #[test]
    fn every_file_that_the_piano_names_has_a_sum_and_every_package_its_version() {
        let lists = Lists::ours();
        assert_eq!(lists.packages.len(), 17);
        let (last, json) = lists.texts[1];
        assert_eq!(last, "piano.json");
        assert!(json.contains(CREDITS) && json.contains(NAME));
        let mut sounds = 0;
        for Package { folder, name, files } in &lists.packages {
            assert!(name.starts_with("@audio-samples/piano-") && name.ends_with("@1.0.5"), "{name}");
            assert!(files.contains_key("LICENSE") && files.contains_key("README.md"), "{folder}");
            for (file, sum) in files.iter().filter(|(file, _)| file.ends_with(".ogg")) {
                assert_eq!(sum.len(), 64, "{file}");
                let named =
                    if folder == "release" { format!("\"{folder}/{file}\"") } else { format!("\"{file}\"") };
                assert!(json.contains(&named), "{named}");
                sounds += 1;
            }
        }
        assert_eq!(sounds, 16 * 30 + 88);
    }
}
