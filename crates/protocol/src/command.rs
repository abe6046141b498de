//! What the face asks for.

use std::path::PathBuf;

use performance::amounts::Amounts;
use performance::{BaseTempo, PedalEvent};
use serde::{Deserialize, Serialize};

use crate::{
    Addition, Bars, ContinueRequest, Knobs, NewPieceRequest, PanelState, PinKind, PinView, PrintRequest,
    RecordRequest, ScoreId, Settings, VaryRequest, VaryState, VersionId, ViewState,
};

/// Everything that a person can ask of the studio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// The face is there: send every view.
    Hello,

    // Files
    /// Ask for a score or a project in a dialog and open it.
    OpenDialog,
    /// Open a score or a project.
    Open(PathBuf),
    /// Opens a file as a score, whatever it looks like; see [`crate::Event::PlayedFile`].
    OpenAsScore(PathBuf),
    /// Do nothing with the file of [`crate::Event::PlayedFile`]: it is not asked about again.
    DismissPlayedFile,
    /// Open a piece that comes with the app, by its name in [`crate::StartView::demos`].
    OpenDemo(String),
    /// Read a recording of the open piece, MIDI or sound, as a version to compare with; a dialog if no path.
    ImportRecording(Option<PathBuf>),
    /// Save the project where it is; asks for a name if it has none.
    Save,
    /// Save the project under a name; a dialog if no path.
    SaveAs(Option<PathBuf>),
    /// Back to the start page; the work stays saved.
    Close,
    /// Forget the list of recent files.
    ClearRecent,
    /// Put back what was cleared from that list last.
    RestoreRecent,
    /// Write a MIDI file; a dialog if no path.
    ExportMidi(ExportRequest, Option<PathBuf>),
    /// Write a WAV file; a dialog if no path. The mode of the request does not matter.
    ExportWav(ExportRequest, Option<PathBuf>),
    /// Write the comparison as one HTML page; a dialog if no path.
    ExportReport(Option<PathBuf>),
    /// Write the page that was engraved for paper as one HTML page to print; a dialog if no path.
    PrintPage(Box<PrintRequest>, Option<PathBuf>),
    /// Drag the MIDI file out of the window; sent while the pointer is down.
    DragOut(ExportRequest),
    /// Show the last exported file in the file manager.
    ShowExported,

    // Hearing
    /// Play, or pause if playing.
    TogglePlay,
    /// Stop and go back to where playing began.
    Stop,
    /// Go to a place in the score that is heard.
    SeekQuarters(f64),
    /// Repeat some bars of the score that is heard; none for no repetition.
    Loop(Option<Bars>),
    /// Tempo in percent, within [`crate::limits::RATES_PERCENT`].
    Rate(f64),
    /// Loudness of everything, 0 to 1.
    Volume(f64),
    /// Metronome on or off.
    Metronome(bool),
    /// A bar of clicks before playing starts.
    CountIn(bool),
    /// Play one note, to hear it: pitch and velocity.
    Audition(u8, u8),
    /// Hear this version at the same place: the same bar and pass, if it plays another score.
    Listen(VersionId),
    /// Compare the version heard with this one; none for no comparison.
    Compare(Option<VersionId>),
    /// Hear the version compared with, and compare with the one heard before.
    SwapCompared,
    /// Hear a recording of sound as it is, or through the piano; kept with the project, no undo step.
    HearOwnSound(VersionId, bool),

    // Recording from a keyboard
    /// Record what is played on the MIDI keyboard; [`crate::Event::Keyboard`] follows.
    Record(RecordRequest),
    /// Stop recording; what was played becomes a version, or takes the place of bars.
    StopRecording,
    /// Look which keyboards there are; [`crate::Event::Keyboard`] follows.
    FindKeyboards,
    /// Try again to make a version of something that was played and kept, by [`crate::KeptView::id`].
    AddKept(String),
    /// Write something that was kept as a MIDI file; a dialog if no path.
    SaveKept(String, Option<PathBuf>),
    /// Forget something that was kept.
    DropKept(String),

    // Performing
    /// Perform the piece or some bars.
    Perform(PerformRequest),
    /// Say what a mood means for the piece, or for some bars; the answer is [`crate::Event::Mood`].
    ReadMood {
        /// The mood in words.
        text: String,
        /// The bars that would be performed; the whole piece if none.
        bars: Option<Bars>,
    },
    /// Say which mood a version was performed with; the answer is [`crate::Event::MoodOf`].
    ReadMoodOf(VersionId),
    /// Read the manner of a performance for a knob of the kind [`crate::KnobKind::Reference`]; the answer is
    /// [`crate::Event::Manner`], and none but a message if it cannot be read.
    ReadManner {
        /// Identifier of the performer that has the knob.
        performer: String,
        /// Identifier of the knob.
        knob: String,
        /// Whose manner.
        of: MannerSource,
    },
    /// Stop a job, by its number.
    Cancel(u64),

    // Varying
    /// Make variations of some bars; [`crate::Event::Variations`] follows, more than once while they are
    /// made. Those that were made before and are no takes are gone.
    MakeVariations(VaryRequest),
    /// Hear a variation, by its number, at the same bar; none to hear the version that it was made of.
    /// Playing goes on; where nothing plays, a variation is played from the first of its bars.
    PreviewVariation(Option<u32>),
    /// Keep a variation in its place as a take that is heard.
    KeepVariation(u32),
    /// Put a variation into the piece, as one step: the deadpan plays it, and so does a new take that is heard
    /// and plays everything else as the take that the variation was made of. Takes stay as they are.
    PutVariation(u32),
    /// Forget the variations that are no takes.
    DropVariations,

    // Writing
    /// Write a new piece, and perform it. It is opened in this window once it is written, as work without a
    /// name.
    NewPiece(NewPieceRequest),
    /// Write how a piece goes on. What comes of it is a take that plays a score of its own, and a performance of
    /// its new bars; the piece and its other takes stay as they are.
    ContinuePiece(ContinueRequest),

    // Editing
    /// Change a version by hand. A change to the deadpan makes a take of it first.
    Edit(VersionId, Edit),
    /// Give a take another name.
    Rename(VersionId, String),
    /// Take a take or a recording away, or forget a variation that is none.
    Delete(VersionId),
    /// Make a copy of a version as a take.
    Duplicate(VersionId),
    /// Choose the version that is the best in some bars of the score that is heard; none to choose none
    /// there. No undo step.
    Star(Bars, Option<VersionId>),
    /// Make a new take of this version, with the bars of [`ViewState::best`] from the versions chosen
    /// there.
    MakeBest(VersionId),
    /// Undo the last step.
    Undo,
    /// Redo the last undone step.
    Redo,
    /// Take over what is read from the score's file today, note by note: takes and pins go along.
    AdoptReading,

    // The page
    /// Engrave a score; the answer is [`crate::Event::Page`], more than once while it grows. One page is
    /// kept in a window: that of the last score and width asked for.
    ShowPage {
        /// The score.
        score: ScoreId,
        /// Width of its systems in staff spaces, within [`crate::limits::PAGE_WIDTHS_SPACES`]; or
        /// [`crate::limits::ENDLESS_SPACES`] for one endless system.
        width_spaces: f32,
    },
    /// Engrave a score for paper, as wide as [`crate::limits::PAPER_SPACES`], whatever the window shows; the answer
    /// is [`crate::Event::Paper`], once all of it is there, and none if the job of it is cancelled.
    EngravePaper(ScoreId),
    /// Draw a system of the page; the answer is [`crate::Event::SystemDrawn`].
    DrawSystem {
        /// The score.
        score: ScoreId,
        /// The width of the page, as in [`crate::PageView::width_spaces`].
        width_spaces: f32,
        /// Which system, from 0.
        system: u32,
        /// Scale, within [`crate::limits::PIXELS_PER_SPACE`].
        pixels_per_space: f32,
    },

    // The app
    /// Keep how the window looks with the project, but for its `panel` and `variations`; no undo step.
    Remember(ViewState),
    /// Keep what the panel that performs is set to with the project; no undo step.
    RememberPanel(Box<PanelState>),
    /// Keep what the panel of variations is set to with the project; no undo step.
    RememberVariations(Box<VaryState>),
    /// Use these settings.
    Settings(Settings),
    /// Look which MIDI ports and keyboards there are; [`crate::Event::Settings`] and [`crate::Event::Keyboard`]
    /// follow.
    FindMidiPorts,
    /// Play on another soundfont; asked for in a dialog if none.
    ChooseSoundfont(Option<PathBuf>),
    /// Get something that others have published, as a job; [`crate::Event::Settings`] follows when it is there.
    Get(Addition),
    /// Send [`crate::Event::About`].
    About,
    /// Open another window, with a document of its own.
    NewWindow,
    /// Close this window; the work stays saved. The last one ends the app.
    CloseWindow,
    /// Leave the app: all windows.
    Quit,
}

/// What to perform, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerformRequest {
    /// Identifier of the performer.
    pub performer: String,
    /// The bars to perform anew in `of`, of the score that it plays; the whole piece if none.
    pub bars: Option<Bars>,
    /// The version that keeps its notes outside the bars.
    pub of: VersionId,
    /// The mood in words; empty for none.
    pub mood: String,
    /// How strongly the mood is followed: 0 not at all, 1 as trained; within [`crate::limits::AMOUNTS`].
    pub strength: f64,
    /// How fast the piece is as a whole; bars have the tempo around them.
    #[serde(default)]
    pub base_tempo: BaseTempo,
    /// How much of each dimension of expression, within [`crate::limits::AMOUNTS`].
    pub amounts: Amounts,
    /// The performer's own knobs that stand elsewhere than at their default, by identifier.
    pub knobs: Knobs,
    /// Seed: the same number gives the same take. Each further take has the next number.
    pub seed: u64,
    /// How many takes, 1 to [`crate::limits::MOST_TAKES`].
    pub takes: u8,
}

/// Whose manner is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MannerSource {
    /// That of a version of the project.
    Version(VersionId),
    /// That of a recording of any piece, MIDI or sound; a dialog if no path.
    File(Option<PathBuf>),
}

/// One change by hand, which is one step of undo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// Velocities of notes.
    Velocities(Vec<(u32, u8)>),
    /// New onsets of notes in seconds.
    Onsets(Vec<(u32, f64)>),
    /// New durations of notes in seconds.
    Durations(Vec<(u32, f64)>),
    /// The tempo in quarters per minute over a stretch of the score, drawn as points that straight
    /// lines join; what comes later moves along.
    Tempo(Vec<CurvePoint>),
    /// The loudness as a velocity over a stretch of the score: the mean of the notes at each onset
    /// follows the line, and the notes of a chord keep their differences.
    Dynamics(Vec<CurvePoint>),
    /// The movements of one pedal from one second to another.
    Pedal {
        /// Start of what is replaced.
        from_secs: f64,
        /// End of what is replaced.
        to_secs: f64,
        /// What stands there instead, ordered by time.
        events: Vec<PedalEvent>,
    },
    /// Values of these notes come out exactly in the next performance.
    Pin(Vec<u32>, Vec<PinKind>),
    /// They are free again.
    Unpin(Vec<u32>, Vec<PinKind>),
    /// These values come out exactly in the next performance.
    PinValues(Vec<PinView>),
}

/// A point of a drawn curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Place in the score.
    pub quarters: f64,
    /// The value there.
    pub value: f64,
}

/// What to export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// The version.
    pub version: VersionId,
    /// Some bars of it, of the score that it plays, or all.
    pub bars: Option<Bars>,
    /// How a MIDI file keeps time.
    pub mode: MidiMode,
}

/// How a MIDI file keeps time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum MidiMode {
    /// A tempo map follows the pianist: bars lie on the grid of every sequencer.
    #[default]
    ScoreGrid,
    /// One constant tempo, in quarters per minute, and every note at its moment.
    ExactTiming(f64),
    /// One constant tempo with bars on the grid; only velocity and micro-timing are kept.
    FixedTempo(f64),
}
