//! What `config.json` says, and whether that can be.

use analysis::features;

use crate::settings::Settings;
use crate::values;

/// More would be too slow to play.
const MOST_NETWORKS: usize = 8;

/// Largest noise, gain and drift: far beyond what plays like a person.
const LARGEST_GAIN: f64 = 8.0;

/// Largest mean and deviation of a value, in the units of the codec; the largest of these is velocity.
const LARGEST_SCALE: f64 = 1000.0;

/// Reads and checks `config.json`.
pub fn parse_settings(json: &[u8]) -> Result<Settings, String> {
    let settings = parse(json)?;
    if settings.network.features != features::WIDTH {
        return Err(other_width(&settings));
    }
    if settings.feature_schema != features::schema() {
        return Err(format!(
            "the model was trained on other features of scores (schema `{}`) than this version of the app \
             reads (`{}`); it has to be trained on, or the app's own models put back",
            settings.feature_schema,
            features::schema()
        ));
    }
    Ok(settings)
}

/// That the network reads or writes other columns than this version has.
pub(super) fn other_width(settings: &Settings) -> String {
    format!(
        "the model reads {} features and {} values, this version of the app has {} and {}",
        settings.network.features,
        settings.network.values,
        features::WIDTH,
        values::WIDTH
    )
}

/// Checks all but how many features the network reads.
pub(super) fn parse(json: &[u8]) -> Result<Settings, String> {
    let settings: Settings =
        serde_json::from_slice(json).map_err(|e| format!("the model's settings are damaged: {e}"))?;
    let n = &settings.network;
    let sizes = [n.hidden, n.layers, n.heads, n.feed_forward, n.condition];
    let sane = sizes.iter().all(|s| (1..=8192).contains(s))
        && n.layers <= 64
        && n.memory <= 64
        && n.hidden.is_multiple_of(n.heads)
        && (n.hidden / n.heads).is_multiple_of(2)
        // Burn panics at a dropout outside this.
        && (0.0..1.0).contains(&n.dropout)
        && n.rotary_base >= 1.0;
    if !sane || !(1..=MOST_NETWORKS).contains(&settings.networks) {
        return Err("the model's settings give impossible sizes".into());
    }
    if n.features == 0 || n.values != values::WIDTH {
        return Err(other_width(&settings));
    }
    let s = &settings.sampling;
    let windows = s.window >= 16
        && s.window <= 4096
        && s.overlap.saturating_add(s.lookahead) < s.window
        && s.shrink > 0.0
        && s.shrink <= 1.0;
    if !windows
        || !(1..=1000).contains(&s.steps)
        || s.noise
            .iter()
            .chain(&s.gain)
            .chain([&s.drift])
            .any(|x| !(-LARGEST_GAIN..=LARGEST_GAIN).contains(x))
    {
        return Err("the model's settings ask for an impossible way of sampling".into());
    }
    let numbers =
        settings.beat_period.iter().flat_map(|l| l.cue_means.iter().chain(&l.weights).chain([&l.mean]));
    if numbers.into_iter().any(|x| !x.is_finite()) {
        return Err("the model's settings have no number for how fast pieces are taken".into());
    }
    if settings.spread.as_ref().is_some_and(|spread| !spread.is_sound()) {
        return Err(
            "the model's settings tell the spread of a piece from other cues than this version of the \
                    app has; take `spread` out of them and learn it anew with `espressivo train spread`"
                .into(),
        );
    }
    if settings.variety.is_some_and(|variety| !variety.is_sound()) {
        return Err("the model's settings ask for takes that differ more than people do".into());
    }
    if settings.scaling.deviation.iter().any(|d| !(*d > 0.0 && *d <= LARGEST_SCALE)) {
        return Err(format!(
            "the model's settings have a deviation that is not between 0 and {LARGEST_SCALE}"
        ));
    }
    if settings.scaling.mean.iter().any(|m| !(-LARGEST_SCALE..=LARGEST_SCALE).contains(m)) {
        return Err(format!("the model's settings have a mean that is larger than {LARGEST_SCALE}"));
    }
    Ok(settings)
}

#[cfg(test)]
pub(super) mod tests;
