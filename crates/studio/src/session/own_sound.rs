//! Recordings of sound, heard as they are or through the piano.

use std::path::PathBuf;
use std::sync::Arc;

use protocol::{Level, OwnSoundState, OwnSoundView, VersionId};
use sound::Recorded;

use super::Session;
use super::open::Open;
use crate::document::{SoundId, Take};
use crate::own_sounds::SoundRead;

/// Why the own sound of a version is not heard whose notes were changed.
const EDITED: &str = "its notes were changed by hand, and its own sound does not have the changes";

/// Why no sound of this computer stands for notes that go elsewhere.
const MIDI_PORT: &str =
    "notes go to a MIDI port; choose this computer's piano in the settings to hear the recording itself";

impl Session {
    /// Hears a recording as it is from now on, or through the piano.
    pub(super) fn hear_own_sound(&mut self, id: VersionId, is_own: bool) {
        let Some(open) = &mut self.open else { return };
        let Some(sound) = open.document.take(id).and_then(|take| take.origin.sound) else { return };
        let through_piano = &mut open.document.view.through_piano;
        through_piano.retain(|other| *other != id);
        if is_own {
            // Whoever asks again may have put its file back.
            self.own_sounds.forgive(sound);
        } else {
            through_piano.push(id);
        }
        open.is_view_new = true;
        self.want_own_sounds();
        self.sounds_anew(id);
        self.tell_own_sounds();
    }

    /// The recording that is heard of a version, if that is to be heard as it is and can be.
    pub(super) fn own_sound_heard(&self, id: VersionId) -> Option<Arc<Recorded>> {
        let open = self.open.as_ref()?;
        let take = open.document.take(id)?;
        let sound = self.wanted_sound(open, take)?;
        self.own_sounds.ready(sound).cloned()
    }

    /// The sound of a take, if that is to be heard and nothing about the take is against it.
    fn wanted_sound(&self, open: &Open, take: &Take) -> Option<SoundId> {
        let is_chosen = !open.document.view.through_piano.contains(&take.id);
        take.origin.sound.filter(|_| is_chosen && self.why_not_own(take).is_none())
    }

    /// Why a take is heard on the piano though it has a sound of its own.
    fn why_not_own(&self, take: &Take) -> Option<&'static str> {
        match () {
            () if take.is_edited => Some(EDITED),
            () if self.settings.midi_port.is_some() => Some(MIDI_PORT),
            () => None,
        }
    }

    /// What the face shows of the own sound of a take.
    pub(super) fn own_sound_view(&self, open: &Open, id: VersionId) -> Option<OwnSoundView> {
        let take = open.document.take(id)?;
        let sound = take.origin.sound?;
        let state = match self.why_not_own(take) {
            Some(why) => OwnSoundState::Unavailable(why.to_owned()),
            None => self.own_sounds.state(sound),
        };
        Some(OwnSoundView { is_chosen: !open.document.view.through_piano.contains(&id), state })
    }

    /// Has the own sounds decoded of the version that is heard and the one compared with; what was wanted longest
    /// ago gives way to them.
    pub(super) fn want_own_sounds(&mut self) {
        let Some(open) = &self.open else { return };
        let ids = [Some(open.listening()), open.compared()];
        let takes = ids.into_iter().flatten().filter_map(|id| open.document.take(id));
        let wanted: Vec<(SoundId, VersionId)> =
            takes.filter_map(|take| Some((self.wanted_sound(open, take)?, take.id))).collect();
        let folder = open.file.named_path().and_then(|path| path.parent()).map(PathBuf::from);
        for (sound, id) in &wanted {
            let Some(open) = &self.open else { return };
            let (Some(take), Some(kept)) = (open.document.take(*id), open.document.sounds.get(*sound)) else {
                continue;
            };
            let onsets =
                || -> Vec<f64> { take.performance.notes.iter().map(|note| note.onset_secs).collect() };
            self.own_sounds.want(*sound, kept, onsets, folder.clone());
        }
        let wanted: Vec<SoundId> = wanted.into_iter().map(|(sound, _)| sound).collect();
        for sound in self.own_sounds.make_room(&wanted) {
            self.versions_with(sound).into_iter().for_each(|id| self.sounds_anew(id));
        }
    }

    /// A sound was decoded, or cannot be.
    pub(super) fn own_sound_read(&mut self, read: SoundRead) {
        let Some((sound, why_not)) = self.own_sounds.arrived(read) else { return };
        let versions = self.versions_with(sound);
        if let (Some(why), Some(open), Some(first)) = (why_not, &self.open, versions.first()) {
            let name = open.name_of(*first);
            self.say(Level::Warning, format!("{name} is heard on the piano: {why}"));
        }
        versions.into_iter().for_each(|id| self.sounds_anew(id));
        self.want_own_sounds();
        self.tell_own_sounds();
    }

    /// What stands against own sounds has changed for all versions that have one.
    pub(super) fn own_sounds_may_differ(&mut self) {
        let Some(open) = &self.open else { return };
        let takes = open.document.takes.iter().filter(|take| take.origin.sound.is_some());
        let ids: Vec<VersionId> = takes.map(|take| take.id).collect();
        if ids.is_empty() {
            return;
        }
        ids.into_iter().for_each(|id| self.sounds_anew(id));
        self.want_own_sounds();
        self.tell_own_sounds();
    }

    fn tell_own_sounds(&mut self) {
        self.tell_project();
        self.tell_comparison();
        self.tell_transport();
    }

    /// The versions that have a sound.
    fn versions_with(&self, sound: SoundId) -> Vec<VersionId> {
        let takes = self.open.iter().flat_map(|open| &open.document.takes);
        takes.filter(|take| take.origin.sound == Some(sound)).map(|take| take.id).collect()
    }

    /// The loudness of a recording that is heard as it is need not be measured.
    pub(super) fn know_own_loudness(&mut self, id: VersionId, sound: &Recorded) {
        if let Some(loudness) = sound.loudness() {
            self.loudness.know(id, loudness);
            self.playback.set_loudness(id, loudness);
        }
    }
}
