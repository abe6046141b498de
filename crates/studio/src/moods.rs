//! Moods: what words mean, for the mood field while text is typed and for the performers.
//!
//! The text encoder is loaded when a text is first to be understood, typed or performed, and stays.
//! Answering what is typed takes some tens of milliseconds, so it has a thread of its own; of questions that
//! have piled up only the last is answered. Which moods a version was performed with needs no encoder, so
//! that opening a project loads none: the words and places stored with it suffice.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use application::Folders;
use mood::MoodError;
use mood::feeling::{Feeler, Feeling, Laid, placed};
use neural::device;
use notation::{Quarters, Score};
use performance::cues::Cue;
use performers::Mood;
use performers::Region;
use performers::device::DeviceChoice;
use protocol::limits::LONGEST_MOOD_CHARS;
use protocol::{Bars, MoodArrow, MoodCue, MoodSpan, MoodView};

use crate::queue::guarded;

/// Named moods that are shown beside a text.
const NEAREST: usize = 3;

/// Least share of a named mood that is shown.
const LEAST_SHARE: f64 = 0.1;

/// What is read of a text.
pub fn readable(text: &str) -> &str {
    let text = text.trim();
    text.char_indices().nth(LONGEST_MOOD_CHARS).map_or(text, |(end, _)| &text[..end])
}

/// Words that the mood field suggests.
pub const SUGGESTIONS: [&str; 16] = [
    "gentle",
    "dreamy",
    "calm",
    "melancholic",
    "nostalgic",
    "longing",
    "reflective",
    "elegant",
    "capricious",
    "happy",
    "solemn",
    "mysterious",
    "anxious",
    "passionate",
    "angry",
    "triumphant",
];

/// Understands moods.
pub struct Moods {
    folders: Folders,
    feeler: Mutex<Option<Arc<Feeler>>>,
}

impl Moods {
    /// With the models and the text encoder of these folders, which are read when they are first
    /// needed.
    pub fn new(folders: Folders) -> Self {
        Self { folders, feeler: Mutex::new(None) }
    }

    /// The moods of a text over a region; none if it means nothing. The error is the reason, for people.
    pub fn lay(
        &self,
        score: &Score,
        region: &Region,
        text: &str,
        strength: f64,
    ) -> Result<Option<(Mood, Vec<Laid>)>, String> {
        let text = readable(text);
        if text.is_empty() {
            return Ok(None);
        }
        let feeler = self.feeler()?;
        feeler.lay(score, region, text, strength).map_err(|e: MoodError| e.to_string())
    }

    fn feeler(&self) -> Result<Arc<Feeler>, String> {
        // Whoever needs it meanwhile waits: it is loaded once.
        let mut kept = self.feeler.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(feeler) = &*kept {
            return Ok(feeler.clone());
        }
        // A sentence takes milliseconds: not worth waking a graphics processor.
        let cpu = device::choose(DeviceChoice::Cpu).map_err(|e| e.to_string())?.device;
        let Folders { models, text_encoder, .. } = &self.folders;
        let feeler = Feeler::load(models, Some(text_encoder), cpu).map_err(|e| e.to_string())?;
        let feeler = Arc::new(feeler);
        *kept = Some(feeler.clone());
        Ok(feeler)
    }

    /// What reads is loaded anew when it is next needed: there is another encoder now.
    pub fn forget(&self) {
        *self.feeler.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What a text means, for the face, which gets its own text back however much of it is read.
    pub fn view(&self, score: &Score, region: &Region, text: &str) -> MoodView {
        let view = MoodView { text: text.to_owned(), ..MoodView::default() };
        match self.lay(score, region, text, 1.0) {
            Ok(None) => view,
            Ok(Some((_, laid))) => {
                MoodView { spans: laid.iter().map(|l| span(score, l)).collect(), note: self.note(), ..view }
            }
            Err(problem) => MoodView { problem: Some(problem), ..view },
        }
    }

    /// What a person should be shown of how words are read.
    fn note(&self) -> Option<String> {
        // The reason why nothing can be read is shown as the problem already.
        self.feeler().ok()?.note()
    }
}

/// The moods that texts name and where they hold, each over the bars of those before it. What they mean is
/// left open.
pub fn performed_with(score: &Score, layers: &[Layer]) -> MoodView {
    let mut whole = MoodView::default();
    for Layer { region, text } in layers {
        let text = readable(text);
        // What could not be followed was reported when it was performed, and the version has no mood there.
        let moods = placed(score, region, text).unwrap_or_default();
        let spans = moods.iter().flat_map(|mood| {
            let span = |place: &(Quarters, Quarters)| bare_span(score, &mood.text, *place);
            mood.places.iter().map(span).collect::<Vec<_>>()
        });
        let around = match region {
            Region::Measures(bars) => outside(score, &whole.spans, bars),
            _ => Vec::new(),
        };
        whole.spans = around.into_iter().chain(spans).collect();
        whole.text = text.to_owned();
    }
    whole.spans.sort_by(|a, b| a.from_quarters.total_cmp(&b.from_quarters));
    whole
}

/// A mood in one place, without what it means.
fn bare_span(score: &Score, text: &str, (from, to): (Quarters, Quarters)) -> MoodSpan {
    let first = score.measures.partition_point(|m| m.end <= from);
    let end = score.measures.partition_point(|m| m.start < to);
    MoodSpan {
        text: text.to_owned(),
        bars: first..end.max(first),
        from_quarters: from.to_f64(),
        to_quarters: to.to_f64(),
        ..MoodSpan::default()
    }
}

fn span(score: &Score, laid: &Laid) -> MoodSpan {
    let feeling = &laid.feeling;
    let nearest = feeling.nearest(NEAREST).into_iter().filter(|(_, share)| *share >= LEAST_SHARE);
    MoodSpan {
        sureness: feeling.sureness,
        nearest: nearest.map(|(name, share)| (name.to_owned(), share)).collect(),
        arrows: arrows(feeling),
        unknown: feeling.unknown.clone(),
        ..bare_span(score, &feeling.text, (laid.from, laid.to))
    }
}

/// What of some spans lies outside some bars.
fn outside(score: &Score, spans: &[MoodSpan], bars: &Bars) -> Vec<MoodSpan> {
    let start_of = |bar: usize| score.measures.get(bar).map_or(score.end(), |m| m.start).to_f64();
    let part = |span: &MoodSpan, part: Bars| {
        let (from, to) = (start_of(part.start), start_of(part.end));
        let from_quarters = span.from_quarters.max(from);
        let to_quarters = span.to_quarters.min(to);
        let is_there = part.start < part.end && from_quarters < to_quarters;
        is_there.then(|| MoodSpan { bars: part, from_quarters, to_quarters, ..span.clone() })
    };
    let parts = spans.iter().flat_map(|span| {
        let before = span.bars.start..span.bars.end.min(bars.start);
        let after = span.bars.start.max(bars.end)..span.bars.end;
        [part(span, before), part(span, after)]
    });
    parts.flatten().collect()
}

fn arrows(feeling: &Feeling) -> Vec<MoodArrow> {
    let arrow = |(cue, is_more): (Cue, bool)| {
        let what = match cue {
            Cue::Tempo => MoodCue::Tempo,
            Cue::Level => MoodCue::Dynamics,
            Cue::Articulation => MoodCue::Articulation,
            Cue::Pedal => MoodCue::Pedal,
            Cue::Rubato => MoodCue::Rubato,
            Cue::Range | Cue::Swell | Cue::Spread => return None,
        };
        Some(MoodArrow { what, is_more, deviations: feeling.cues[cue as usize].abs() })
    };
    feeling.arrows().into_iter().filter_map(arrow).collect()
}

/// A text that a version was performed with, and for what.
pub struct Layer {
    /// What was performed with it.
    pub region: Region,
    /// The text.
    pub text: String,
}

/// A text whose meaning is requested.
pub struct MoodQuery {
    /// What is written.
    pub score: Arc<Score>,
    /// What would be performed with it.
    pub region: Region,
    /// The text.
    pub text: String,
}

/// The thread that answers questions.
pub struct Answers {
    questions: Sender<MoodQuery>,
}

impl Answers {
    /// Starts the thread; it ends when this is dropped.
    pub fn start(moods: Arc<Moods>, answer: impl Fn(MoodView) + Send + 'static) -> Self {
        let (questions, queue) = channel();
        let run = move || answer_all(&moods, &queue, &answer);
        let spawned = thread::Builder::new().name("moods".into()).spawn(run);
        debug_assert!(spawned.is_ok(), "the thread for moods could not be started");
        Self { questions }
    }

    /// Asks; the answer comes later, unless another question comes first.
    pub fn ask(&self, question: MoodQuery) {
        // Without the thread there is no answer: the field shows the text alone, and whoever performs it
        // reads it then.
        self.questions.send(question).ok();
    }
}

fn answer_all(moods: &Moods, queue: &Receiver<MoodQuery>, answer: &dyn Fn(MoodView)) {
    while let Ok(first) = queue.recv() {
        let MoodQuery { score, region, text } = queue.try_iter().last().unwrap_or(first);
        let view = guarded(|| Ok(moods.view(&score, &region, &text)));
        answer(view.unwrap_or_else(|problem| MoodView {
            text,
            problem: Some(problem),
            ..MoodView::default()
        }));
    }
}
