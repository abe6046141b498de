//! The words that the face (`ui`) and the shell (`src-tauri`) exchange, and nothing else.
//!
//! The face sends [`Command`]s; the shell answers with [`Event`]s, in the order in which things
//! happened. An event carries the whole new state of one part of the studio (a *view*), so the face
//! keeps the last of each kind and never has to work out what changed. No logic lives here.
//!
//! Units are in the names: `_quarters` is score time in quarter notes from the start of the first
//! measure, `_secs` is performance time from the start of a version. Note numbers are indices into
//! [`ScoreView::notes`], bars are ranges of indices into [`ScoreView::measures`]: of the score that
//! the version plays of which is spoken.

pub mod addition;
pub mod command;
pub mod compare;
pub mod event;
pub mod keyboard;
pub mod limits;
pub mod mood;
pub mod own_sound;
pub mod page;
pub mod panel;
pub mod piece;
pub mod played_file;
pub mod print;
pub mod project;
pub mod score;
pub mod settings;
pub mod slip;
pub mod start;
pub mod transport;
pub mod variation;
pub mod version;

pub use addition::{Addition, Additions, Presence};
pub use command::{Command, CurvePoint, Edit, ExportRequest, MannerSource, MidiMode, PerformRequest};
pub use compare::{Agreement, BarRow, BarValues, CompareView, OffBeat, Shared, Trajectory, TrajectoryPoint};
pub use event::{Event, Lacking, Level, Message};
pub use keyboard::{
    KeptView, KeyboardSettings, KeyboardView, PunchIn, RecordRequest, RecordState, RecordWith,
};
pub use mood::{MoodArrow, MoodCue, MoodSpan, MoodView};
pub use own_sound::{OwnSoundState, OwnSoundView};
pub use page::{
    DrawnSystem, EngravedHead, EngravedMeasure, EngravedPass, PageState, PageTint, PageView, Panes,
    SystemView,
};
pub use panel::{PanelState, USUAL_SIMILARITY, VaryState};
pub use performance::amounts::Amounts;
pub use performance::base_tempo::BaseTempo;
pub use performance::{KnobValue, Knobs, Manner, Pedal, PedalEvent, Performance, PlayedNote};
pub use piece::{ContinueRequest, NewPieceRequest};
pub use played_file::PlayedFileView;
pub use print::{
    LayerInk, LayerRoom, LayerShape, LegendLine, PrintRequest, SIGN_SPACES, SystemLayers, TintedHead,
};
pub use project::{
    JobView, Passage, PinView, ProjectView, ReadingView, TakeView, TempoPoint, VersionView, ViewState,
};
pub use score::{BeatView, Hand, MeasureView, NoteView, ScoreId, ScoreView};
pub use settings::{
    ComposerView, DeviceSetting, DeviceView, InstrumentSetting, KnobKind, KnobOption, KnobRange, KnobView,
    PerformerView, Settings, SettingsView, Theme, WriterView,
};
pub use slip::{SlipKind, SlipView};
pub use start::{AboutView, DemoView, Licence, RecentView, StartView};
pub use transport::{OutputView, PlayState, TransportView};
pub use variation::{
    SimilarityView, VariationState, VariationView, VariationsView, VaryConstraints, VaryRequest,
};
pub use version::{PinKind, VersionId};

/// Bars as a range of indices into [`ScoreView::measures`], the last one not included.
pub type Bars = std::ops::Range<usize>;
