//! Where Espressivo finds what comes with it and what it may use of the machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Names the folder of all that the app keeps, if it is not the platform's.
pub const DATA_HOME: &str = "ESPRESSIVO_DATA_HOME";

/// Names the folder of models.
const MODELS: &str = "ESPRESSIVO_MODELS";
/// Names the folder with the text encoder.
const TEXT_ENCODER: &str = "ESPRESSIVO_TEXT_ENCODER";
/// Names the folder with the transcriber.
const TRANSCRIBER: &str = "ESPRESSIVO_TRANSCRIBER";
/// Names the folder with the recorded grand piano.
const PIANO: &str = "ESPRESSIVO_PIANO";
/// Names a soundfont.
const SOUNDFONT: &str = "ESPRESSIVO_SOUNDFONT";
/// Names the folder of human performances.
const DATA: &str = "ESPRESSIVO_DATA";

/// The app's folder below the platform's for data: its identifier.
const APP: &str = "org.espressivo.studio";
/// Where a package of the system puts what comes with Espressivo.
const INSTALLED: &str = "/usr/share/espressivo";
/// The same below the folder that a package puts its programs' folder into, be it `/usr` or another.
const SHARE: &str = "share/espressivo";
/// The same in an application of macOS, below `Contents`.
const RESOURCES: &str = "Resources";
/// The source tree that this was built from.
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// How many folders above the program are looked into, its own included.
const ABOVE: usize = 4;

/// The folders of this installation and of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// The performers' models, a folder each: `$ESPRESSIVO_MODELS`, else those that come along. It
    /// need not exist.
    pub models: PathBuf,
    /// The pieces that come along.
    pub scores: Option<PathBuf>,
    /// Where the recorded grand piano is put when somebody gets it: `$ESPRESSIVO_PIANO`, else below the app's
    /// data folder. `cargo xtask piano` looks in the same places.
    pub piano: PathBuf,
    /// The soundfont in `$ESPRESSIVO_SOUNDFONT`.
    pub soundfont: Option<PathBuf>,
    /// Where soundfonts lie, best first: what comes along, then the user's, then the system's. Not
    /// all of them exist.
    pub soundfonts: Vec<PathBuf>,
    /// Where the set-up puts the text encoder: `$ESPRESSIVO_TEXT_ENCODER`, else below the app's data
    /// folder. The set-up (`xtask/src/published.rs`) looks in the same places.
    pub text_encoder: PathBuf,
    /// Where the set-up puts the network that hears notes: `$ESPRESSIVO_TRANSCRIBER`, else below the app's
    /// data folder.
    pub transcriber: PathBuf,
    /// Human performances, for training and evaluation: `$ESPRESSIVO_DATA`, else `../shared/data`.
    pub data: Option<PathBuf>,
}

impl Folders {
    /// Looks into the environment and around the program.
    pub fn find() -> Self {
        let program = std::env::current_exe().ok();
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Search { variable: &variable, program: program.as_deref() }.folders()
    }
}

/// The folder of all that the app keeps (settings, work without a name, text encoder, transcriber, grand piano):
/// `$ESPRESSIVO_DATA_HOME`, else the platform's.
pub fn app_data() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    Search { variable: &variable, program: None }.app_data()
}

/// What a search looks at. Tests bring their own.
struct Search<'a> {
    /// Reads a variable of the environment; none if it is not set or empty.
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// The program that runs.
    program: Option<&'a Path>,
}

impl Search<'_> {
    fn folders(&self) -> Folders {
        let models = self.path(MODELS).or_else(|| self.beside("models"));
        Folders {
            models: models.unwrap_or_else(|| PathBuf::from("models")),
            scores: self.beside("scores"),
            piano: self.path(PIANO).unwrap_or_else(|| self.app_data().join("pianos").join("salamander")),
            soundfont: self.path(SOUNDFONT),
            soundfonts: self.soundfonts(),
            text_encoder: self.path(TEXT_ENCODER).unwrap_or_else(|| self.app_data().join("text-encoder")),
            transcriber: self.path(TRANSCRIBER).unwrap_or_else(|| self.app_data().join("transcriber")),
            data: self.data(),
        }
    }

    fn path(&self, variable: &str) -> Option<PathBuf> {
        (self.variable)(variable).map(PathBuf::from)
    }

    /// A folder that comes with Espressivo: where the package of the program puts it, beside the program or
    /// above it, in the working folder, in the source tree, or where Espressivo is installed. The package
    /// comes first: what an installed program finds must not hang on where it is started.
    fn beside(&self, name: &str) -> Option<PathBuf> {
        let prefix = self.program.and_then(|p| p.parent()?.parent());
        let packed = prefix.into_iter().flat_map(|prefix| [prefix.join(SHARE), prefix.join(RESOURCES)]);
        let above = self.program.into_iter().flat_map(|p| p.ancestors().skip(1).take(ABOVE));
        let roots = above.chain(["", SOURCE, INSTALLED].map(Path::new)).map(Path::to_owned);
        packed.chain(roots).map(|root| root.join(name)).find(|folder| folder.is_dir())
    }

    fn home(&self) -> Option<PathBuf> {
        self.path("HOME").or_else(|| self.path("USERPROFILE"))
    }

    fn app_data(&self) -> PathBuf {
        let home = || self.home().unwrap_or_default();
        let platform = || {
            if cfg!(target_os = "windows") {
                self.path("APPDATA").unwrap_or_default()
            } else if cfg!(target_os = "macos") {
                home().join("Library/Application Support")
            } else {
                self.path("XDG_DATA_HOME").unwrap_or_else(|| home().join(".local/share"))
            }
        };
        self.path(DATA_HOME).unwrap_or_else(|| platform().join(APP))
    }

    fn soundfonts(&self) -> Vec<PathBuf> {
        let home = self.home();
        let shared = self.path("XDG_DATA_HOME").or_else(|| home.as_ref().map(|h| h.join(".local/share")));
        let mut folders: Vec<PathBuf> = self.beside("soundfonts").into_iter().collect();
        folders.extend(shared.iter().flat_map(|s| [s.join("soundfonts"), s.join("sounds/sf2")]));
        if cfg!(target_os = "macos") {
            folders.extend(home.map(|h| h.join("Library/Audio/Sounds/Banks")));
            folders.push("/Library/Audio/Sounds/Banks".into());
        } else if cfg!(windows) {
            let of_users = ["LOCALAPPDATA", "ProgramData"].into_iter().filter_map(|name| self.path(name));
            folders.extend(of_users.map(|folder| folder.join("soundfonts")));
            folders.push(r"C:\soundfonts".into());
        } else {
            let system = ["/usr/local/share/soundfonts", "/usr/share/sounds/sf2", "/usr/share/soundfonts"];
            folders.extend(system.map(PathBuf::from));
        }
        folders
    }

    fn data(&self) -> Option<PathBuf> {
        let near = ["", SOURCE].map(|root| Path::new(root).join("../shared/data"));
        self.path(DATA).into_iter().chain(near).find(|folder| folder.join("asap").is_dir())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn with<T>(pairs: &[(&str, &str)], ask: impl Fn(&Search<'_>) -> T) -> T {
        let variable =
            |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        ask(&Search { variable: &variable, program: None })
    }

    #[test]
    fn the_encoder_is_where_the_variable_says_or_in_the_apps_folder() {
        let encoder = |pairs: &[(&str, &str)]| with(pairs, |search| search.folders().text_encoder);
        assert_eq!(encoder(&[("HOME", "/h"), (TEXT_ENCODER, "/enc")]), Path::new("/enc"));
        assert_eq!(encoder(&[("HOME", "/h"), (DATA_HOME, "/d")]), Path::new("/d/text-encoder"));
        if cfg!(target_os = "linux") {
            let home = Path::new("/h/.local/share/org.espressivo.studio/text-encoder");
            assert_eq!(encoder(&[("HOME", "/h")]), home);
            let named = encoder(&[("HOME", "/h"), ("XDG_DATA_HOME", "/x")]);
            assert_eq!(named, Path::new("/x/org.espressivo.studio/text-encoder"));
        }
    }

    #[test]
    fn the_transcriber_is_where_the_variable_says_or_in_the_apps_folder() {
        let transcriber = |pairs: &[(&str, &str)]| with(pairs, |search| search.folders().transcriber);
        assert_eq!(transcriber(&[("HOME", "/h"), (TRANSCRIBER, "/net")]), Path::new("/net"));
        assert_eq!(transcriber(&[("HOME", "/h"), (DATA_HOME, "/d")]), Path::new("/d/transcriber"));
    }

    #[test]
    fn the_grand_piano_is_where_the_variable_says_or_in_the_apps_folder() {
        let piano = |pairs: &[(&str, &str)]| with(pairs, |search| search.folders().piano);
        assert_eq!(piano(&[("HOME", "/h"), (PIANO, "/grand")]), Path::new("/grand"));
        assert_eq!(piano(&[("HOME", "/h"), (DATA_HOME, "/d")]), Path::new("/d/pianos/salamander"));
    }

    #[test]
    fn soundfonts_that_come_along_are_first_then_the_users() {
        let found = with(&[("HOME", "/home/clara")], |search| search.folders().soundfonts);
        assert!(found[0].ends_with("soundfonts") && found[0].is_dir(), "{found:?}");
        assert_eq!(found[1], Path::new("/home/clara/.local/share/soundfonts"));
        assert!(found.len() > 3);
    }

    #[test]
    fn models_are_where_the_variable_says_even_if_nothing_is_there() {
        let models = with(&[(MODELS, "/no/such/folder")], |search| search.folders().models);
        assert_eq!(models, Path::new("/no/such/folder"));
        assert!(with(&[], |search| search.folders().models).join("pianoflow").is_dir());
    }

    #[test]
    fn what_lies_beside_the_program_comes_before_the_source_tree() {
        let folder = tempfile::tempdir().unwrap();
        let scores = folder.path().join("scores");
        std::fs::create_dir(&scores).unwrap();
        let program = folder.path().join("bin/espressivo");
        let search = Search { variable: &|_| None, program: Some(&program) };
        assert_eq!(search.beside("scores"), Some(scores));
        assert_eq!(search.beside("no such folder"), None);
    }

    #[test]
    fn an_installed_program_takes_what_its_package_holds() {
        let prefix = tempfile::tempdir().unwrap();
        let program = prefix.path().join("bin/espressivo");
        let search = Search { variable: &|_| None, program: Some(&program) };
        let packed = prefix.path().join("share/espressivo/scores");
        std::fs::create_dir_all(&packed).unwrap();
        std::fs::create_dir_all(prefix.path().join("bin/scores")).unwrap();
        assert_eq!(search.beside("scores"), Some(packed));
        let bundled = prefix.path().join("Resources/models");
        std::fs::create_dir_all(&bundled).unwrap();
        assert_eq!(search.beside("models"), Some(bundled));
    }

    #[test]
    fn data_without_performances_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let data = |name: &Path| with(&[(DATA, name.to_str().unwrap())], |search| search.data());
        assert_ne!(data(folder.path()), Some(folder.path().to_owned()));
        std::fs::create_dir(folder.path().join("asap")).unwrap();
        assert_eq!(data(folder.path()), Some(folder.path().to_owned()));
    }
}
