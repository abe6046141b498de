//! Who can play, and on what: the performers of the registry behind a small trait, so that tests
//! need no network.

use std::path::PathBuf;
use std::sync::Arc;

use neural::device;
use performers::composer::{ComposeError, Composer, Composers};
use performers::device::DeviceChoice;
use performers::piece::{PieceError, PieceWriter, Writers};
use performers::{ChoiceKnob, Knob, NumberKnob, PerformError, Performer, ReferenceKnob};
use protocol::{
    ComposerView, DeviceSetting, DeviceView, KnobKind, KnobOption, KnobRange, KnobView, PerformerView,
    WriterView,
};

/// Who can play.
pub trait Roster: Send {
    /// Everybody, the default first.
    fn list(&self) -> Vec<PerformerView>;

    /// Where networks run with this setting; may take seconds.
    fn device(&mut self, setting: DeviceSetting) -> Result<DeviceView, String>;

    /// Readies a performer on the device of the setting; may take seconds.
    fn ready(&mut self, id: &str, setting: DeviceSetting) -> Result<Ready, PerformError>;

    /// Who plays when a model is missing.
    fn fallback(&self) -> Option<String>;

    /// Everybody who writes variations, the default first; nobody if it is not said.
    fn composers(&self) -> Vec<ComposerView> {
        Vec::new()
    }

    /// Readies a composer; may take seconds.
    fn composer(&mut self, id: &str) -> Result<Arc<dyn Composer>, ComposeError> {
        Err(ComposeError::Unknown { id: id.to_owned(), known: String::new() })
    }

    /// Everybody who writes pieces, the default first; nobody if it is not said.
    fn writers(&self) -> Vec<WriterView> {
        Vec::new()
    }

    /// Readies a writer of pieces; may take seconds.
    fn writer(&mut self, id: &str) -> Result<Arc<dyn PieceWriter>, PieceError> {
        Err(PieceError::Unknown { id: id.to_owned(), known: String::new() })
    }
}

/// A performer that is ready.
#[derive(Clone)]
pub struct Ready {
    /// Who.
    pub performer: Arc<dyn Performer>,
    /// Whether it computes on a graphics processor, which can be lost.
    pub on_gpu: bool,
}

/// The performers of the registry.
pub struct Registry {
    performers: application::roster::Roster,
    /// The last one readied with a model: its name, its setting.
    loaded: Option<(String, DeviceSetting, Ready)>,
    composers: Composers,
    models_folder: PathBuf,
    /// The last composer readied: its name.
    loaded_composer: Option<(String, Arc<dyn Composer>)>,
    writers: Writers,
    /// The last writer of pieces readied: its name.
    loaded_writer: Option<(String, Arc<dyn PieceWriter>)>,
}

impl Registry {
    /// The performers whose models are in a folder.
    pub fn new(models_folder: PathBuf) -> Self {
        Self {
            performers: application::roster::Roster::new(models_folder.clone()),
            loaded: None,
            composers: application::systems::composers(),
            models_folder,
            loaded_composer: None,
            writers: application::systems::writers(),
            loaded_writer: None,
        }
    }

    /// Why something that reads a folder of models cannot work; none if it can.
    fn unavailable(&self, id: &str, needs_model: bool) -> Option<String> {
        let folder = self.models_folder.join(id);
        let is_missing = needs_model && !folder.join("config.json").is_file();
        is_missing
            .then(|| format!("its model is missing ({}); reinstall the models folder", folder.display()))
    }
}

fn knob_view(knob: &Knob) -> KnobView {
    let view = |id: &str, name: &str, description: &str, kind| KnobView {
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        kind,
    };
    match *knob {
        Knob::Number(NumberKnob { id, name, description, min, max, default, is_share }) => {
            view(id, name, description, KnobKind::Number(KnobRange { min, max, default, is_share }))
        }
        Knob::Choice(ChoiceKnob { id, name, description, options }) => {
            view(id, name, description, KnobKind::Choice(options.iter().map(option_view).collect()))
        }
        Knob::Reference(ReferenceKnob { id, name, description, enables }) => {
            let enables = enables.iter().map(|id| (*id).to_owned()).collect();
            view(id, name, description, KnobKind::Reference(enables))
        }
    }
}

fn option_view(option: &performers::KnobOption) -> KnobOption {
    KnobOption {
        id: option.id.to_owned(),
        name: option.name.to_owned(),
        description: option.description.to_owned(),
    }
}

fn choice(setting: DeviceSetting) -> DeviceChoice {
    match setting {
        DeviceSetting::Auto => DeviceChoice::Auto,
        DeviceSetting::Cpu => DeviceChoice::Cpu,
        DeviceSetting::Gpu => DeviceChoice::Gpu,
    }
}

impl Roster for Registry {
    fn list(&self) -> Vec<PerformerView> {
        let view = |info: &performers::PerformerInfo| PerformerView {
            id: info.id.to_owned(),
            name: info.name.to_owned(),
            description: info.description.to_owned(),
            unavailable: self.performers.unavailable(info),
            knobs: info.knobs.iter().map(knob_view).collect(),
        };
        self.performers.infos().map(view).collect()
    }

    fn device(&mut self, setting: DeviceSetting) -> Result<DeviceView, String> {
        let chosen = device::choose(choice(setting)).map_err(|e| e.to_string())?;
        Ok(DeviceView { name: chosen.info.name.clone(), is_gpu: chosen.info.kind == "gpu" })
    }

    fn ready(&mut self, id: &str, setting: DeviceSetting) -> Result<Ready, PerformError> {
        if let Some((name, with, ready)) = &self.loaded
            && name == id
            && *with == setting
        {
            return Ok(ready.clone());
        }
        let found = match self.performers.ready(id, choice(setting)) {
            // One that was there when it was set.
            Err(PerformError::Device(_)) => self.performers.ready(id, DeviceChoice::Cpu)?,
            found => found?,
        };
        let on_gpu = found.device.as_ref().is_some_and(|device| device.kind == "gpu");
        let ready = Ready { performer: found.performer, on_gpu };
        if self.performers.info(id)?.abilities.needs_model {
            self.loaded = Some((id.to_owned(), setting, ready.clone()));
        }
        Ok(ready)
    }

    fn fallback(&self) -> Option<String> {
        self.performers.fallback_id().map(str::to_owned)
    }

    fn composers(&self) -> Vec<ComposerView> {
        let view = |info: &performers::composer::ComposerInfo| ComposerView {
            id: info.id.to_owned(),
            name: info.name.to_owned(),
            description: info.description.to_owned(),
            unavailable: self.unavailable(info.id, info.needs_model),
        };
        self.composers.infos().map(view).collect()
    }

    fn composer(&mut self, id: &str) -> Result<Arc<dyn Composer>, ComposeError> {
        if let Some((name, composer)) = &self.loaded_composer
            && name == id
        {
            return Ok(composer.clone());
        }
        let composer: Arc<dyn Composer> = self.composers.load(id, &self.models_folder)?.into();
        self.loaded_composer = Some((id.to_owned(), composer.clone()));
        Ok(composer)
    }

    fn writers(&self) -> Vec<WriterView> {
        let view = |info: &performers::piece::WriterInfo| WriterView {
            id: info.id.to_owned(),
            name: info.name.to_owned(),
            description: info.description.to_owned(),
            unavailable: self.unavailable(info.id, info.needs_model),
        };
        self.writers.infos().map(view).collect()
    }

    fn writer(&mut self, id: &str) -> Result<Arc<dyn PieceWriter>, PieceError> {
        if let Some((name, writer)) = &self.loaded_writer
            && name == id
        {
            return Ok(writer.clone());
        }
        let writer: Arc<dyn PieceWriter> = self.writers.load(id, &self.models_folder)?.into();
        self.loaded_writer = Some((id.to_owned(), writer.clone()));
        Ok(writer)
    }
}
