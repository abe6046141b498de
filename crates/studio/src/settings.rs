//! What a person prefers, kept as JSON in the app's data folder.

use std::path::{Path, PathBuf};

use application::files;
use application::limits::SETTINGS_BYTES;
use application::sounds::WantedPiano;
use protocol::{InstrumentSetting, Level, Message, PageState, Settings};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The smallest and the largest size of everything in the window.
const SCALES: std::ops::RangeInclusive<f32> = 0.5..=3.0;

/// Where the settings are.
pub fn path(data_folder: &Path) -> PathBuf {
    data_folder.join("settings.json")
}

/// Reads the settings; the usual ones with a message if the file is damaged.
pub fn load(data_folder: &Path) -> (Settings, Option<Message>) {
    let (settings, message) = read_json(&path(data_folder), "the settings");
    (sensible(settings), message)
}

/// Keeps the settings.
pub fn save(data_folder: &Path, settings: &Settings) -> Result<(), Message> {
    write_json(&path(data_folder), settings, "the settings")
}

/// The same settings within their bounds.
pub fn sensible(mut settings: Settings) -> Settings {
    settings.scale = if settings.scale.is_finite() {
        settings.scale.clamp(*SCALES.start(), *SCALES.end())
    } else {
        Settings::default().scale
    };
    settings.page = settings.page.filter(is_page_sensible);
    if settings.instrument == InstrumentSetting::Best && settings.soundfont.is_some() {
        // As settings have it in which a soundfont is all that can be chosen.
        settings.instrument = InstrumentSetting::Soundfont;
    }
    settings
}

/// The piano that is asked for with these settings.
pub fn wanted_piano(settings: &Settings) -> WantedPiano {
    match settings.instrument {
        InstrumentSetting::Best => WantedPiano::Best,
        InstrumentSetting::Sampled => WantedPiano::Sampled(None),
        InstrumentSetting::Soundfont => WantedPiano::Soundfont(settings.soundfont.clone()),
        InstrumentSetting::Generated => WantedPiano::Generated,
    }
}

/// Whether a page can be shown like this.
pub fn is_page_sensible(page: &PageState) -> bool {
    page.points_per_space.is_finite() && page.share.is_finite()
}

/// The changes that one window made to the settings last sent to it, applied to those of now: what another
/// window has changed meanwhile stays.
pub fn merged(told: &Settings, wanted: Settings, now: Settings) -> Settings {
    fn either<T: PartialEq>(told: &T, wanted: T, now: T) -> T {
        if wanted == *told { now } else { wanted }
    }
    let Settings {
        device,
        instrument,
        soundfont,
        offers_piano,
        midi_port,
        keyboard,
        autoplay,
        match_loudness,
        theme,
        scale,
        page: _,
    } = wanted;
    Settings {
        device: either(&told.device, device, now.device),
        instrument: either(&told.instrument, instrument, now.instrument),
        soundfont: either(&told.soundfont, soundfont, now.soundfont),
        offers_piano: either(&told.offers_piano, offers_piano, now.offers_piano),
        midi_port: either(&told.midi_port, midi_port, now.midi_port),
        keyboard: either(&told.keyboard, keyboard, now.keyboard),
        autoplay: either(&told.autoplay, autoplay, now.autoplay),
        match_loudness: either(&told.match_loudness, match_loudness, now.match_loudness),
        theme: either(&told.theme, theme, now.theme),
        scale: either(&told.scale, scale, now.scale),
        // Taken from how pieces are shown.
        page: now.page,
    }
}

/// Reads a small file of ours. One that is missing counts as empty; one that is damaged too, but
/// is set aside and reported.
pub fn read_json<T: DeserializeOwned + Default>(path: &Path, what: &str) -> (T, Option<Message>) {
    if !path.exists() {
        return (T::default(), None);
    }
    let read = files::read(path, SETTINGS_BYTES)
        .map_err(|e| e.to_string())
        .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|e| e.to_string()));
    match read {
        Ok(value) => (value, None),
        Err(why) => {
            let aside = path.with_extension("damaged.json");
            let kept = match std::fs::rename(path, &aside) {
                Ok(()) => format!("the old file is kept: {}", aside.display()),
                Err(error) => format!(
                    "the old file is replaced when something is changed, since it cannot be set aside ({}): {}",
                    files::plain(&error),
                    path.display()
                ),
            };
            let text = format!("{what} could not be read ({why}); the usual ones are used, {kept}");
            (T::default(), Some(Message { level: Level::Warning, text }))
        }
    }
}

/// Writes a small file of ours, whole or not at all.
pub fn write_json<T: Serialize>(path: &Path, value: &T, what: &str) -> Result<(), Message> {
    let write = || {
        let json = serde_json::to_vec_pretty(value).map_err(|e| e.to_string())?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| files::plain(&e))?;
        }
        files::replace(path, &json).map_err(|e| e.to_string())
    };
    write().map_err(|why| Message {
        level: Level::Warning,
        text: format!("{what} could not be kept ({why}): {}", path.display()),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use protocol::Theme;

    #[test]
    fn two_windows_change_different_settings() {
        let told = Settings::default();
        let dark = Settings { theme: Theme::Dark, ..told.clone() };
        let now = merged(&told, Settings { scale: 1.5, ..told.clone() }, dark);
        assert_eq!((now.theme, now.scale), (Theme::Dark, 1.5));
        // Changing it back to its old value is a change as well.
        let now = merged(&now, Settings { scale: 1.0, ..now.clone() }, now.clone());
        assert_eq!((now.theme, now.scale), (Theme::Dark, 1.0));
    }

    #[test]
    fn a_soundfont_of_older_settings_is_played_on_and_kept_beside_another_choice() {
        let old: Settings = serde_json::from_str(r#"{"soundfont": "/grand.sf2"}"#).unwrap();
        let settings = sensible(old);
        let grand = Some(PathBuf::from("/grand.sf2"));
        assert_eq!(wanted_piano(&settings), WantedPiano::Soundfont(grand.clone()));
        let sampled = sensible(Settings { instrument: InstrumentSetting::Sampled, ..settings });
        assert_eq!((wanted_piano(&sampled), sampled.soundfont), (WantedPiano::Sampled(None), grand));
        assert_eq!(wanted_piano(&sensible(Settings::default())), WantedPiano::Best);
    }

    #[test]
    fn settings_come_back_and_damaged_ones_are_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert_eq!(load(&data), (Settings::default(), None));
        let settings = Settings { theme: Theme::Dark, scale: 99.0, ..Settings::default() };
        save(&data, &settings).unwrap();
        let (read, message) = load(&data);
        assert_eq!((read.theme, read.scale, message), (Theme::Dark, 3.0, None));
        std::fs::write(path(&data), b"{\"theme\": 7").unwrap();
        let (read, message) = load(&data);
        assert_eq!(read, Settings::default());
        assert!(message.unwrap().text.contains("settings.damaged.json"));
        assert_eq!(load(&data).1, None, "told of once");
    }
}
