//! Files in and out: of bounded size, complete or not there.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// Larger files are no scores and no recordings.
const LARGEST_BYTES: u64 = 256 << 20;

/// Reads a whole file.
///
/// # Errors
/// In words, without the path, which the caller names.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|e| plain(&e))?;
    if metadata.is_dir() {
        return Err("this is a folder".to_owned());
    }
    // A pipe would wait for somebody to write into it, a device might never end.
    if !metadata.is_file() {
        return Err("this is not an ordinary file".to_owned());
    }
    if metadata.len() > LARGEST_BYTES {
        let (found, limit) = (metadata.len() >> 20, LARGEST_BYTES >> 20);
        return Err(format!("the file has {found} MiB, no score has more than {limit}"));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    let read = File::open(path).and_then(|f| f.take(LARGEST_BYTES).read_to_end(&mut bytes));
    read.map_err(|e| plain(&e))?;
    Ok(bytes)
}

/// Writes a file under another name and puts it into its place when it is complete.
///
/// # Errors
/// In words, without the path.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let write = || -> io::Result<()> {
        // A link stays a link; the file that it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut file = temporary_beside(&path)?;
        let inner = file.as_file_mut();
        inner.write_all(bytes).and_then(|()| inner.sync_all())?;
        file.persist(&path).map_err(|e| e.error)?;
        sync_folder(&path);
        Ok(())
    };
    write().map_err(|e| plain(&e))
}

/// Makes sure that a new name in a folder outlives a power cut, where the system can do that.
pub fn sync_folder(path: &Path) {
    if let (true, Some(folder)) = (cfg!(unix), path.parent()) {
        File::open(folder).and_then(|folder| folder.sync_all()).ok();
    }
}

/// A hidden file in the same folder that disappears unless it is kept.
pub fn temporary_beside(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".espressivo-").suffix(".part");
    // Temporary files are private by default; this one will be the user's file, under their umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error of the temporary file names that file; the user knows only the other one.
    builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))
}

/// The system's words without its number.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ascii_without_spaces() {
        assert_eq!(plain_name(&["Für Elise", "Take 2"]), "Fuer-Elise-Take-2");
        assert_eq!(plain_name(&["Étude, Op. 10 (№ 3)"]), "Etude-Op-10-3");
        assert_eq!(plain_name(&["月光", ""]), "take");
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.mid");
        replace(&path, b"old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert!(replace(folder.path(), b"").is_err());
        assert_eq!(read(&folder.path().join("missing")).unwrap_err(), "No such file or directory");
    }
}
