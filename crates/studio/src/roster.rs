//! Who can play, and on what: the performers of the registry behind a small trait, so that tests
//! need no network.

use std::path::PathBuf;
use std::sync::Arc;

use performers::device::{self, DeviceChoice};
use performers::{PerformError, Performer, registry};
use protocol::{DeviceSetting, DeviceView, PerformerView};

/// Who can play.
pub trait Roster: Send {
    /// Everybody, the default first.
    fn list(&self) -> Vec<PerformerView>;

    /// Where networks run with this setting; may take seconds.
    fn device(&mut self, setting: DeviceSetting) -> Result<DeviceView, String>;

    /// Readies a performer on the device of the setting; may take seconds.
    fn ready(&mut self, id: &str, setting: DeviceSetting) -> Result<Ready, PerformError>;
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
    models_folder: PathBuf,
    /// The last one readied: its name, its setting.
    loaded: Option<(String, DeviceSetting, Ready)>,
}

impl Registry {
    /// The performers whose models are in a folder.
    pub fn new(models_folder: PathBuf) -> Self {
        Self { models_folder, loaded: None }
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
        let view = |info: performers::PerformerInfo| {
            let folder = self.models_folder.join(info.id);
            // The rules need no model.
            let missing = info.id != registry::FALLBACK && !folder.join("config.json").is_file();
            PerformerView {
                id: info.id.to_owned(),
                name: info.name.to_owned(),
                description: info.description.to_owned(),
                unavailable: missing.then(|| format!("its model is missing: {}", folder.display())),
            }
        };
        registry::all().into_iter().map(view).collect()
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
        // The rules compute nothing that a graphics processor is good for.
        let wanted = if id == registry::FALLBACK { DeviceSetting::Cpu } else { setting };
        let chosen = device::choose(choice(wanted)).or_else(|_| device::choose(DeviceChoice::Cpu));
        let chosen = chosen.map_err(|no_gpu| PerformError::Model {
            what: no_gpu.to_string(),
            path: self.models_folder.clone(),
        })?;
        let performer = registry::load(id, &self.models_folder, &chosen.device)?;
        let ready = Ready { performer: performer.into(), on_gpu: chosen.info.kind == "gpu" };
        if id != registry::FALLBACK {
            self.loaded = Some((id.to_owned(), setting, ready.clone()));
        }
        Ok(ready)
    }
}
