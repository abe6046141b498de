//! What a person prefers, and what there is to choose from.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Additions, KeyboardSettings, PageState};

/// What a person prefers; kept for all projects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Where networks run.
    pub device: DeviceSetting,
    /// What is played on.
    pub instrument: InstrumentSetting,
    /// The soundfont for [`InstrumentSetting::Soundfont`]; found without being told if none.
    pub soundfont: Option<PathBuf>,
    /// Whether the grand piano is offered where it is missing.
    pub offers_piano: bool,
    /// The MIDI port that notes are sent to, by its name; none for this computer's piano.
    pub midi_port: Option<String>,
    /// The MIDI keyboard that a person plays on.
    pub keyboard: KeyboardSettings,
    /// Whether a take is heard as soon as its first bars are ready.
    pub autoplay: bool,
    /// Whether versions are heard equally loud on the whole.
    pub match_loudness: bool,
    /// Light or dark.
    pub theme: Theme,
    /// Size of everything in the window, 1 for normal.
    pub scale: f32,
    /// How page and piano roll were shown last, for a piece that was never shown. Kept by the shell: what the
    /// face sends here does not count.
    pub page: Option<PageState>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            device: DeviceSetting::Auto,
            instrument: InstrumentSetting::Best,
            soundfont: None,
            offers_piano: true,
            midi_port: None,
            keyboard: KeyboardSettings::default(),
            autoplay: false,
            match_loudness: true,
            theme: Theme::System,
            scale: 1.0,
            page: None,
        }
    }
}

/// What is played on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstrumentSetting {
    /// The best there is on this computer.
    #[default]
    Best,
    /// The recorded grand piano.
    Sampled,
    /// A soundfont.
    Soundfont,
    /// The piano that is computed.
    Generated,
}

/// Where networks run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceSetting {
    /// On a graphics processor if there is one.
    #[default]
    Auto,
    /// On the processor.
    Cpu,
    /// On a graphics processor.
    Gpu,
}

/// Colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The settings and what belongs to them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsView {
    /// What is set.
    pub settings: Settings,
    /// Who can play.
    pub performers: Vec<PerformerView>,
    /// Who can write variations, the default first.
    #[serde(default)]
    pub composers: Vec<ComposerView>,
    /// Who can write pieces, the default first.
    #[serde(default)]
    pub writers: Vec<WriterView>,
    /// Where the networks run now.
    pub device: DeviceView,
    /// The piano that is heard.
    pub piano: String,
    /// What there is of what can be got.
    #[serde(default)]
    pub additions: Additions,
    /// Whether the recorded grand piano is to be offered now: no better piano is there, and nobody has refused it.
    #[serde(default)]
    pub offers_piano: bool,
    /// The MIDI ports there are, as of the last [`crate::Command::FindMidiPorts`].
    pub midi_ports: Vec<String>,
    /// Why there are none, if the system has no MIDI.
    pub no_midi: Option<String>,
    /// Words that the mood field suggests.
    pub moods: Vec<String>,
}

/// A system that plays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PerformerView {
    /// For [`crate::PerformRequest::performer`].
    pub id: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Why it cannot play (its model is missing); none if it can.
    pub unavailable: Option<String>,
    /// Settings of its own.
    pub knobs: Vec<KnobView>,
}

/// A system that writes variations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposerView {
    /// For [`crate::VaryRequest::composer`].
    pub id: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Why it cannot write (its model is missing); none if it can.
    pub unavailable: Option<String>,
}

/// A system that writes pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriterView {
    /// For [`crate::NewPieceRequest::writer`].
    pub id: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Why it cannot write (its model is missing); none if it can.
    pub unavailable: Option<String>,
}

/// A setting that one performer has and others have not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnobView {
    /// For [`crate::PerformRequest::knobs`].
    pub id: String,
    /// Its name.
    pub name: String,
    /// One sentence: what turning it does.
    pub description: String,
    /// Where it can stand.
    pub kind: KnobKind,
}

/// Where a knob can stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum KnobKind {
    /// At a number.
    Number(KnobRange),
    /// At one of these, the first if nobody turns it.
    Choice(Vec<KnobOption>),
    /// At the manner of a version or of a recording ([`crate::Command::ReadManner`]); at nobody's if nobody
    /// chooses one. The identifiers are those of knobs that mean nothing while this one is nobody's.
    Reference(Vec<String>),
}

/// The numbers where a knob can stand.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnobRange {
    /// Least value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Where it stands if nobody turns it.
    pub default: f64,
    /// Whether it is shown in per cents of 1.
    pub is_share: bool,
}

/// What a knob offers to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnobOption {
    /// For [`crate::KnobValue::Choice`].
    pub id: String,
    /// Its name.
    pub name: String,
    /// One sentence: what it does.
    pub description: String,
}

/// Where the networks run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Name of the processor or graphics adapter.
    pub name: String,
    /// Whether it is a graphics processor.
    pub is_gpu: bool,
}
