//! Names for files that are about to be written.

use std::path::{Path, PathBuf};

use application::text::shown;

/// A name that people like to read and every file system takes; `fallback` if nothing is left.
pub fn readable(name: &str, fallback: &str) -> String {
    let is_forbidden = |c: char| r#"/\:*?"<>|"#.contains(c);
    let name: String = shown(name).chars().map(|c| if is_forbidden(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    // 100 characters are at most 400 bytes less an ending; file systems take 255 bytes.
    let mut name: String = words.join(" ").chars().take(100).collect();
    while name.len() > 200 {
        name.pop();
    }
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { fallback.into() } else { name.into() }
}

/// The path with this ending, which is added if there is none or another one: `Op. 28` has none.
pub fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    let has_it = path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
    if has_it {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Whether a path ends like this, in whatever case.
pub fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|e| endings.iter().any(|wanted| e.eq_ignore_ascii_case(wanted)))
}

/// The message about files for which no window could be made, and why; none if there are none.
pub fn not_opened(why: &str, files: &[PathBuf]) -> Option<String> {
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let names: Vec<String> = files.iter().map(name).collect();
    (!names.is_empty()).then(|| format!("{why}. Not opened: {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_names_keep_what_file_systems_take() {
        assert_eq!(readable("Prélude: Op. 28/7?", "x"), "Prélude Op. 28 7");
        assert_eq!(readable("..", "score"), "score");
        assert_eq!(readable("\u{0}\n", "score"), "score");
        assert!(readable(&"é".repeat(500), "x").len() <= 200);
    }

    #[test]
    fn files_that_are_not_opened_are_named() {
        assert_eq!(not_opened("There are enough windows", &[]), None);
        let files: [PathBuf; 2] = ["/x/b.mid".into(), "/x/c.mid".into()];
        let notice = not_opened("There are enough windows", &files).unwrap_or_default();
        assert_eq!(notice, "There are enough windows. Not opened: b.mid, c.mid");
    }

    #[test]
    fn an_ending_is_added_but_never_twice() {
        let ended = |name: &str| with_ending(PathBuf::from(name), "mid");
        assert_eq!(ended("a"), PathBuf::from("a.mid"));
        assert_eq!(ended("a.MID"), PathBuf::from("a.MID"));
        assert_eq!(ended("Op. 28"), PathBuf::from("Op. 28.mid"));
    }
}
