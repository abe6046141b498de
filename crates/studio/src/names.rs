//! Names of files, and names for files that every program understands.

use std::path::Path;

/// The name of a file with its extension.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The name of a file without its extension.
pub fn file_stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// A name for files that every program understands: ASCII letters, digits and hyphens.
pub fn plain_name(words: &[&str]) -> String {
    let mut name = String::new();
    for word in words {
        if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        for c in word.chars() {
            match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' => name.push(c),
                _ => {
                    let latin = latin(c);
                    if !latin.is_empty() {
                        name.push_str(latin);
                    } else if !name.ends_with('-') && !name.is_empty() {
                        name.push('-');
                    }
                }
            }
        }
    }
    let name: String = name.trim_end_matches('-').chars().take(80).collect();
    if name.is_empty() { "take".to_owned() } else { name }
}

/// Letters that titles of European music have.
fn latin(c: char) -> &'static str {
    match c {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'Ä' | 'Æ' => "Ae",
        'Ö' | 'Ø' | 'Œ' => "Oe",
        'Ü' => "Ue",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => "a",
        'ç' | 'č' | 'ć' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' => "o",
        'ř' => "r",
        'š' | 'ś' => "s",
        'ù' | 'ú' | 'û' | 'ů' => "u",
        'ý' => "y",
        'ž' | 'ź' | 'ż' => "z",
        'À' | 'Á' | 'Â' | 'Å' => "A",
        'Ç' | 'Č' => "C",
        'È' | 'É' | 'Ê' => "E",
        'Ł' => "L",
        'ł' => "l",
        'Š' => "S",
        'Ž' => "Z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ascii_without_spaces() {
        assert_eq!(plain_name(&["Für Elise", "Take 2"]), "Fuer-Elise-Take-2");
        assert_eq!(plain_name(&["Étude, Op. 10 (№ 3)"]), "Etude-Op-10-3");
        assert_eq!(plain_name(&["月光", ""]), "take");
    }
}
