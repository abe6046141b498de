//! What a request to perform means: an order for the worker, and the takes that will come of it.

use notation::Score;
use notation::metronome::beat_name;
use performers::{Controls, Region, base_tempo};
use protocol::{Amounts, BaseTempo, PerformRequest, VersionId, limits};

use super::open::{Open, Streaming};
use super::variations::KEEP_FIRST;
use crate::document::{Document, Origin, Pins, Take, bars_text, existing};
use crate::jobs::Order;
use crate::{edit, moods, slips};

/// The request within its bounds.
pub(super) fn sensible(request: &PerformRequest) -> PerformRequest {
    let (least, most) = limits::AMOUNTS.into_inner();
    let amount = |a: f64| if a.is_finite() { a.clamp(least, most) } else { 1.0 };
    let Amounts { dynamics, tempo, rubato, articulation, pedal, balance_db } = request.amounts;
    let (softest, loudest) = limits::BALANCES_DB.into_inner();
    let amounts = Amounts {
        dynamics: amount(dynamics),
        tempo: amount(tempo),
        rubato: amount(rubato),
        articulation: amount(articulation),
        pedal: amount(pedal),
        balance_db: if balance_db.is_finite() { balance_db.clamp(softest, loudest) } else { 0.0 },
    };
    PerformRequest {
        mood: moods::readable(&request.mood).to_owned(),
        strength: amount(request.strength),
        base_tempo: request.base_tempo.bounded(),
        amounts,
        knobs: request.knobs.clone().into_iter().filter(|(_, value)| value.is_finite()).collect(),
        seed: request.seed.min(limits::LARGEST_SEED),
        takes: request.takes.clamp(1, limits::MOST_TAKES),
        ..request.clone()
    }
}

/// What the worker is to do.
pub(super) fn order(
    open: &Open,
    request: &PerformRequest,
    job: u64,
    device: protocol::DeviceSetting,
) -> Result<Order, String> {
    let document = &open.document;
    if open.streaming(request.of).is_some() {
        return Err("this take is still being performed; wait or cancel it first".to_owned());
    }
    if open.preview(request.of).is_some() {
        return Err(KEEP_FIRST.to_owned());
    }
    let of = document
        .performance(request.of)
        .ok_or_else(|| "the take to start from is gone; choose another one".to_owned())?;
    let score = document.score_of(request.of);
    let region = match &request.bars {
        None => Region::All,
        Some(bars) => {
            Region::Measures(existing(score, bars).ok_or("the score has no such bars; select others")?)
        }
    };
    let notes = region.notes(score);
    if notes.is_empty() {
        return Err("the bars hold no notes; select bars that have some".to_owned());
    }
    let pins = document.pins_of(request.of, &notes);
    let pedal_pins = document.pedal_pins_of(request.of, &notes);
    let controls = |k: u64| Controls {
        seed: request.seed.wrapping_add(k),
        mood: None,
        base_tempo: request.base_tempo,
        amounts: request.amounts,
        pins: pins.clone(),
        pedal_pins: pedal_pins.clone(),
        knobs: request.knobs.clone(),
    };
    Ok(Order {
        job,
        performer: request.performer.clone(),
        device,
        score: score.clone(),
        context: (region != Region::All).then(|| of.clone()),
        region,
        mood: request.mood.clone(),
        strength: request.strength,
        takes: (0..u64::from(request.takes)).map(controls).collect(),
    })
}

/// The number in the name of the next take: one more than the highest of those there are, whatever recordings and
/// edited versions lie between them.
pub(super) fn next_take<'a>(names: impl Iterator<Item = &'a str>) -> u32 {
    let number = |name: &str| name.strip_prefix("Take ")?.parse::<u32>().ok();
    names.filter_map(number).max().unwrap_or(0).saturating_add(1)
}

/// The takes to come, still without notes, named by their numbers from `first` on.
pub(super) fn streaming(
    document: &Document,
    request: &PerformRequest,
    order: &Order,
    name: &str,
    first: u32,
) -> Vec<Streaming> {
    let bars = match &order.region {
        Region::Measures(bars) => Some(bars.clone()),
        _ => None,
    };
    // Pins stay with the notes that they hold.
    let pins: Pins = document.take(request.of).map_or_else(Pins::new, |take| take.pins.clone());
    let is_of_take = bars.is_some() || !pins.is_empty();
    let parent = is_of_take.then_some(request.of);
    let before = order.context.clone().unwrap_or_default();
    // What a recording does in the other bars stays as it was.
    let of = document.take(request.of).zip(bars.as_ref());
    let (slips, extra) = of.map_or_else(Default::default, |(take, bars)| {
        slips::outside(document.score_of(request.of), &take.origin, bars)
    });
    let take = |(k, controls): (usize, &Controls)| {
        let after = |number: u32| number.saturating_add(k as u32);
        let origin = Origin {
            text: origin_text(document, request, bars.as_ref(), controls.seed, name),
            performer: request.performer.clone(),
            parent,
            bars: bars.clone(),
            mood: request.mood.clone(),
            strength: request.strength,
            base_tempo: request.base_tempo,
            amounts: request.amounts,
            knobs: request.knobs.clone(),
            seed: controls.seed,
            extra: extra.clone(),
            slips: slips.clone(),
            // What is performed anew has no sound yet.
            sound: None,
        };
        Take {
            id: VersionId::Take(after(document.next_number)),
            name: edit::free_name(document, &format!("Take {}", after(first))),
            origin,
            is_edited: false,
            score: document.score_id(request.of),
            pins: pins.clone(),
            performance: before.clone(),
        }
    };
    order
        .takes
        .iter()
        .enumerate()
        .map(take)
        .map(|take| Streaming {
            job: order.job,
            take,
            ready_quarters: 0.0,
            is_complete: false,
            was_offered: false,
        })
        .collect()
}

/// Where a take comes from, in one line.
fn origin_text(
    document: &Document,
    request: &PerformRequest,
    bars: Option<&protocol::Bars>,
    seed: u64,
    name: &str,
) -> String {
    let mut parts = vec![name.to_owned()];
    if let Some(bars) = bars {
        let score = document.score_of(request.of);
        parts.push(format!("{} of {}", bars_text(score, bars), document.name_of(request.of)));
    }
    if !request.mood.is_empty() {
        parts.push(format!("“{}”", request.mood));
    }
    // Bars have the tempo around them, and the default goes without saying.
    parts.extend(tempo_text(document.score_of(request.of), request).filter(|_| bars.is_none()));
    let Amounts { dynamics, tempo, rubato, articulation, pedal, balance_db } = request.amounts;
    let amounts = [
        ("dynamics", dynamics),
        ("tempo changes", tempo),
        ("rubato", rubato),
        ("articulation", articulation),
        ("pedalling", pedal),
    ];
    let changed = amounts.iter().filter(|(_, amount)| *amount != 1.0);
    parts.extend(changed.map(|(what, amount)| format!("{what} {:.0} %", amount * 100.0)));
    if balance_db != 0.0 {
        parts.push(format!("balance {balance_db:+} dB"));
    }
    parts.extend(request.knobs.iter().map(|(id, value)| format!("{id} {value}")));
    parts.push(format!("seed {seed}"));
    parts.join(", ")
}

/// The requested tempo, where it is not the default.
fn tempo_text(score: &Score, request: &PerformRequest) -> Option<String> {
    match request.base_tempo {
        BaseTempo::AsMarked => None,
        BaseTempo::Free => base_tempo::mark(score).map(|_| "not as marked".to_owned()),
        BaseTempo::Bpm(per_minute) => {
            Some(format!("{} = {per_minute:.0}", beat_name(base_tempo::beat(score))))
        }
    }
}

pub(super) fn label(document: &Document, request: &PerformRequest, name: &str) -> String {
    let score = document.score_of(request.of);
    let what = request.bars.as_ref().and_then(|bars| existing(score, bars));
    let what = what.map_or_else(|| "the piece".to_owned(), |bars| bars_text(score, &bars));
    match request.takes {
        1 => format!("{name} performs {what}"),
        n => format!("{name} performs {what}, {n} takes"),
    }
}
