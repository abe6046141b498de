//! Readying performers: where each computes, and who plays where a model is missing.

use std::path::PathBuf;
use std::sync::Arc;

use performers::device::{DeviceChoice, DeviceInfo};
use performers::{PerformError, Performer, PerformerInfo, Registry, Resources};

use crate::systems;

/// The performers there are, and where their models lie.
pub struct Roster {
    registry: Registry,
    models: PathBuf,
}

/// A performer that is ready.
#[derive(Clone)]
pub struct Ready {
    /// Who plays.
    pub performer: Arc<dyn Performer>,
    /// The device that its network runs on; none if it has no network, or one that is computed on the
    /// processor whatever device was chosen.
    pub device: Option<DeviceInfo>,
}

impl Roster {
    /// Every system, with the models of a folder.
    pub fn new(models: PathBuf) -> Self {
        Self { registry: systems::registry(), models }
    }

    /// What each performer says of itself, the one that plays when nobody is named first.
    pub fn infos(&self) -> impl Iterator<Item = &PerformerInfo> {
        self.registry.infos()
    }

    /// What a performer says of itself.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn info(&self, id: &str) -> Result<&PerformerInfo, PerformError> {
        self.registry.info(id)
    }

    /// Why a performer cannot play, in words; none if it can.
    pub fn unavailable(&self, info: &PerformerInfo) -> Option<String> {
        let folder = self.models.join(info.id);
        let is_missing = info.abilities.needs_model && !folder.join("config.json").is_file();
        is_missing
            .then(|| format!("its model is missing ({}); reinstall the models folder", folder.display()))
    }

    /// Who plays when nobody is named.
    pub fn default_id(&self) -> &'static str {
        self.registry.default_id()
    }

    /// Who plays when a model is missing.
    pub fn fallback_id(&self) -> Option<&'static str> {
        self.registry.fallback_id()
    }

    /// Readies a performer; takes seconds if it computes on a graphics processor that was not used
    /// yet. A performer that computes on none gets none, whatever was chosen.
    ///
    /// # Errors
    /// If there is no such performer, no such device, or the model's files are missing or broken.
    pub fn ready(&self, id: &str, choice: DeviceChoice) -> Result<Ready, PerformError> {
        let needs_device = self.registry.info(id)?.abilities.needs_device;
        let chosen = needs_device.then(|| neural::device::choose(choice)).transpose()?;
        // The device is chosen once: looking for a graphics processor again costs time.
        let device = chosen.as_ref().map_or(DeviceChoice::Cpu, |c| neural::device::choice_of(&c.device));
        let performer = self.registry.load(id, &Resources { models: &self.models, device })?;
        Ok(Ready { performer: performer.into(), device: chosen.map(|c| c.info) })
    }
}

/// What `ready` makes of the performer, or, where its model is missing, of the fallback; then also
/// what is to be said about that.
///
/// # Errors
/// Those of `ready`.
pub fn or_fallback<T>(
    id: &str,
    fallback: Option<&str>,
    mut ready: impl FnMut(&str) -> Result<T, PerformError>,
) -> Result<(T, Option<String>), PerformError> {
    match ready(id) {
        Err(error @ PerformError::Model { .. }) => {
            let Some(fallback) = fallback.filter(|fallback| *fallback != id) else { return Err(error) };
            Ok((ready(fallback)?, Some(format!("{error}; `{fallback}` plays instead"))))
        }
        result => result.map(|ready| (ready, None)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn who_needs_no_model_plays_where_one_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let roster = Roster::new(folder.path().to_owned());
        let ready = |id: &str| roster.ready(id, DeviceChoice::Cpu);
        let (id, fallback) = (roster.default_id(), roster.fallback_id());
        assert!(matches!(ready(id), Err(PerformError::Model { .. })));
        let (ready_instead, message) = or_fallback(id, fallback, ready).unwrap();
        assert_eq!(Some(ready_instead.performer.info().id), fallback);
        assert!(ready_instead.device.is_none(), "it has no network");
        let message = message.unwrap();
        assert!(message.ends_with("plays instead") && message.contains(folder.path().to_str().unwrap()));
        let unavailable: Vec<&str> =
            roster.infos().filter(|info| roster.unavailable(info).is_some()).map(|info| info.id).collect();
        assert_eq!(unavailable, [id, "pianist-transformer", "groove", "xmvae"]);
    }

    #[test]
    fn other_errors_are_not_made_good() {
        let roster = Roster::new(PathBuf::new());
        let ready = |id: &str| roster.ready(id, DeviceChoice::Cpu);
        let error = or_fallback("nobody", roster.fallback_id(), ready).err().unwrap();
        assert!(matches!(error, PerformError::Unknown { .. }), "{error}");
        let (_, message) = or_fallback("rules", roster.fallback_id(), ready).unwrap();
        assert_eq!(message, None);
    }
}
