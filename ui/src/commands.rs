//! Everything that can be done from the keyboard, the menu and the palette, in one enum.
//!
//! Menu, palette, tooltips, shortcuts and the page of shortcuts all come from here, so a command
//! has one name and one key everywhere. What a command does is in [`crate::app`] or, for what
//! happens on the piano roll, in [`crate::centre`].

mod shortcuts;

pub use shortcuts::key_text;

/// Something that a person can do in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UiCommand {
    // File
    /// Open another window.
    NewWindow,
    /// Have a new piece written.
    NewPiece,
    /// Open a score or a project.
    Open,
    /// Read a recording to compare with.
    ImportRecording,
    /// Save the project.
    Save,
    /// Save the project under another name.
    SaveAs,
    /// Write a MIDI file.
    SaveMidi,
    /// Write a WAV file.
    SaveWav,
    /// Write the comparison as a page.
    ExportReport,
    /// Write the engraved page to print it.
    PrintPage,
    /// Show the last exported file.
    ShowExported,
    /// Back to the start page.
    Close,
    /// Close the window.
    CloseWindow,
    /// Leave the app.
    Quit,

    // Edit
    /// Undo the last step.
    Undo,
    /// Redo the undone step.
    Redo,
    /// Take over what is read from the score's file today.
    UseNewReading,
    /// Select every note.
    SelectAll,
    /// Select nothing.
    Deselect,
    /// Keep the selected notes in the next performance.
    PinSelected,
    /// Set the selected notes free.
    UnpinSelected,
    /// Copy the version heard as a take.
    DuplicateTake,
    /// Give the take heard another name.
    RenameTake,
    /// Take the take heard away.
    DeleteTake,

    // Tools
    /// Select and move notes.
    ToolSelect,
    /// Draw velocities.
    ToolVelocity,
    /// Draw a tempo curve.
    ToolTempo,
    /// Draw a dynamics curve.
    ToolDynamics,
    /// Draw the pedal.
    ToolPedal,

    // Playing
    /// Play or pause.
    PlayPause,
    /// Stop.
    Stop,
    /// Go to the start of the piece.
    GoToStart,
    /// Go a bar back.
    PreviousBar,
    /// Go a bar forward.
    NextBar,
    /// Go to a bar by its number.
    GoToBar,
    /// Repetition on or off.
    Loop,
    /// Repeat the selected bars.
    LoopSelection,
    /// Metronome on or off.
    Metronome,
    /// Count-in on or off.
    CountIn,
    /// A recording of sound as it is, or on the piano.
    OwnSound,
    /// Record what is played on the MIDI keyboard, or stop recording.
    Record,
    /// Be ready to record.
    ArmRecording,
    /// Record the selected bars anew.
    RecordBars,
    /// What was played and is no version.
    KeptRecordings,
    /// Slower.
    Slower,
    /// Faster.
    Faster,
    /// As fast as performed.
    NormalTempo,

    // Performing and comparing
    /// Perform the piece or the selected bars.
    Perform,
    /// Open the panel that varies the selected bars.
    Vary,
    /// Have it written how the piece goes on.
    Continue,
    /// Hear the other of the two versions.
    SwapCompared,
    /// Star the version heard in the bars that repeat or are selected.
    StarPassage,
    /// Make a take of the starred passages.
    MakeBest,
    /// Show the comparison or the piano roll.
    CompareView,

    // View
    /// Show the piano roll.
    ViewRoll,
    /// Show the engraved page.
    ViewPage,
    /// Show the page above the roll.
    ViewBoth,
    /// The next of the three.
    NextView,
    /// The page as one endless system, or as pages.
    EndlessSystem,
    /// Colours on the page say how loud notes are.
    TintLoudness,
    /// Colours on the page say how long notes are held.
    TintLength,
    /// Colours on the page say how early or late notes are.
    TintTiming,
    /// Tempo and loudness as curves on the page.
    PageCurves,
    /// Moods and pins on the page.
    PageMarks,
    /// Wrong keys of a recording on page and roll.
    MarkWrong,
    /// Notes that a recording misses.
    MarkMissed,
    /// Keys of a recording that belong to no note.
    MarkExtra,
    /// Hesitations of a recording.
    MarkHesitations,
    /// Less time in view.
    ZoomIn,
    /// More time in view.
    ZoomOut,
    /// The whole piece in view.
    ZoomFit,
    /// Bars even or seconds even.
    ToggleAxis,
    /// Follow the playhead or not.
    ToggleFollow,
    /// Everything larger.
    ScaleUp,
    /// Everything smaller.
    ScaleDown,
    /// Everything as large as usual.
    ScaleReset,

    // The app
    /// Find a command.
    Palette,
    /// All shortcuts.
    Shortcuts,
    /// What was told.
    Messages,
    /// Settings.
    Settings,
    /// Versions and licences.
    About,
}

/// A group of commands: a menu, a heading on the page of shortcuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// Its commands in order; `None` stands for a line between them.
    pub commands: &'static [Option<UiCommand>],
}

use UiCommand as C;

/// All commands, as the menu groups them. Every command is in exactly one group.
pub const GROUPS: &[Group] = &[
    Group {
        name: "File",
        commands: &[
            Some(C::NewWindow),
            Some(C::NewPiece),
            Some(C::Open),
            Some(C::ImportRecording),
            None,
            Some(C::Save),
            Some(C::SaveAs),
            None,
            Some(C::SaveMidi),
            Some(C::SaveWav),
            Some(C::ExportReport),
            Some(C::PrintPage),
            Some(C::ShowExported),
            None,
            Some(C::Close),
            Some(C::CloseWindow),
            Some(C::Quit),
        ],
    },
    Group {
        name: "Edit",
        commands: &[
            Some(C::Undo),
            Some(C::Redo),
            None,
            Some(C::SelectAll),
            Some(C::Deselect),
            Some(C::PinSelected),
            Some(C::UnpinSelected),
            None,
            Some(C::DuplicateTake),
            Some(C::RenameTake),
            Some(C::DeleteTake),
            Some(C::UseNewReading),
            None,
            Some(C::Settings),
        ],
    },
    Group {
        name: "Tools",
        commands: &[
            Some(C::ToolSelect),
            Some(C::ToolVelocity),
            Some(C::ToolTempo),
            Some(C::ToolDynamics),
            Some(C::ToolPedal),
        ],
    },
    Group {
        name: "Play",
        commands: &[
            Some(C::PlayPause),
            Some(C::Stop),
            Some(C::GoToStart),
            Some(C::PreviousBar),
            Some(C::NextBar),
            Some(C::GoToBar),
            None,
            Some(C::Loop),
            Some(C::LoopSelection),
            Some(C::Metronome),
            Some(C::CountIn),
            Some(C::OwnSound),
            None,
            Some(C::Record),
            Some(C::ArmRecording),
            Some(C::RecordBars),
            Some(C::KeptRecordings),
            None,
            Some(C::Slower),
            Some(C::Faster),
            Some(C::NormalTempo),
        ],
    },
    Group {
        name: "Versions",
        commands: &[
            Some(C::Perform),
            Some(C::Vary),
            Some(C::Continue),
            None,
            Some(C::SwapCompared),
            Some(C::CompareView),
            None,
            Some(C::StarPassage),
            Some(C::MakeBest),
        ],
    },
    Group {
        name: "View",
        commands: &[
            Some(C::ViewRoll),
            Some(C::ViewPage),
            Some(C::ViewBoth),
            Some(C::NextView),
            Some(C::EndlessSystem),
            Some(C::TintLoudness),
            Some(C::TintLength),
            Some(C::TintTiming),
            Some(C::PageCurves),
            Some(C::PageMarks),
            None,
            Some(C::MarkWrong),
            Some(C::MarkMissed),
            Some(C::MarkExtra),
            Some(C::MarkHesitations),
            None,
            Some(C::ZoomIn),
            Some(C::ZoomOut),
            Some(C::ZoomFit),
            Some(C::ToggleAxis),
            Some(C::ToggleFollow),
            None,
            Some(C::ScaleUp),
            Some(C::ScaleDown),
            Some(C::ScaleReset),
        ],
    },
    Group {
        name: "Help",
        commands: &[Some(C::Palette), Some(C::Shortcuts), Some(C::Messages), None, Some(C::About)],
    },
];

impl UiCommand {
    /// Every command, in the order of the menus.
    pub fn all() -> impl Iterator<Item = Self> {
        GROUPS.iter().flat_map(|g| g.commands.iter().copied().flatten())
    }

    /// Its name: on menus, in the palette, as the label of its button.
    pub fn text(self) -> &'static str {
        self.words().0
    }

    /// What it does, in one sentence.
    pub fn tooltip(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            C::NewWindow => ("New window", "Open another window, for another piece"),
            C::NewPiece => ("New piece…", "Have a new piece written and performed"),
            C::Open => ("Open…", "Open a score or a project"),
            C::ImportRecording => (
                "Import recording…",
                "Hear a recording of this piece, MIDI or sound, beside its other versions",
            ),
            C::Save => ("Save", "Keep the project under its name"),
            C::SaveAs => ("Save as…", "Keep the project under another name"),
            C::SaveMidi => ("Save MIDI…", "Write the version that is heard as a MIDI file"),
            C::SaveWav => ("Save WAV…", "Write the version that is heard as sound"),
            C::ExportReport => ("Save report…", "Write the comparison as one page to read or print"),
            C::PrintPage => (
                "Print page…",
                "Write the engraved page with the colours, curves and marks that are shown, to print it",
            ),
            C::ShowExported => {
                ("Show in folder", "Show the MIDI, WAV, report or page that was saved last in its folder")
            }
            C::Close => ("Close", "Back to the start page; the work is kept and in the list of recent files"),
            C::CloseWindow => {
                ("Close window", "Close this window; the work is kept and in the list of recent files")
            }
            C::Quit => ("Quit", "Close all windows; the work is kept and in the list of recent files"),
            C::Undo => ("Undo", "Undo the last step"),
            C::Redo => ("Redo", "Do the undone step again"),
            C::UseNewReading => {
                ("Use new reading", "Take over the score as its file is read now; takes and pins go along")
            }
            C::SelectAll => ("Select all", "Select every note"),
            C::Deselect => ("Deselect", "Select nothing"),
            C::PinSelected => {
                ("Pin selected notes", "Keep the selected notes or bars in the next performance")
            }
            C::UnpinSelected => {
                ("Unpin selected notes", "Let the next performance change the selected notes or bars")
            }
            C::DuplicateTake => ("Duplicate take", "Copy the version that is heard as a new take"),
            C::RenameTake => ("Rename take", "Give the take that is heard another name"),
            C::DeleteTake => ("Delete take", "Delete the take that is heard"),
            C::ToolSelect => ("Select", "Select notes, move them, change their length"),
            C::ToolVelocity => ("Velocity", "Draw how loud notes are"),
            C::ToolTempo => ("Tempo curve", "Draw the tempo over some bars"),
            C::ToolDynamics => ("Dynamics curve", "Draw the loudness over some bars"),
            C::ToolPedal => ("Pedal", "Draw the sustain pedal"),
            C::PlayPause => ("Play or pause", "Play from the playhead, or pause there"),
            C::Stop => ("Stop", "Stop and go back to where playing began"),
            C::GoToStart => ("Go to the start", "Put the playhead at the first bar"),
            C::PreviousBar => ("Previous bar", "Put the playhead a bar back"),
            C::NextBar => ("Next bar", "Put the playhead a bar forward"),
            C::GoToBar => ("Go to bar…", "Type the number of a bar; 12.2 is the second time of bar 12"),
            C::Loop => ("Loop", "Play the selected bars, or the piece, over and over; again to stop that"),
            C::LoopSelection => ("Loop the selection", "Play the selected bars over and over"),
            C::Metronome => ("Metronome", "Click on every beat"),
            C::CountIn => ("Count-in", "Count one bar before playing starts"),
            C::OwnSound => ("Own sound", "Hear a recording of sound as it is, or its notes on the piano"),
            C::Record => (
                "Record",
                "Record what you play on the MIDI keyboard from here on, with what the settings say; again to stop",
            ),
            C::ArmRecording => (
                "Get ready to record",
                "Record as soon as playing begins; without metronome and version, with the first key",
            ),
            C::RecordBars => (
                "Record the selected bars",
                "Play the selected bars anew on the MIDI keyboard, in their place in the version that is heard",
            ),
            C::KeptRecordings => {
                ("Kept recordings…", "What you played and is no version yet: add it, save it or delete it")
            }
            C::Slower => ("Slower", "Play 5 % slower"),
            C::Faster => ("Faster", "Play 5 % faster"),
            C::NormalTempo => ("Normal speed", "Play as fast as performed"),
            C::Perform => ("Perform", "Perform the selected bars, or the whole piece"),
            C::Vary => ("Variations…", "Get new ideas for one to four selected bars"),
            C::Continue => {
                ("Continue…", "Have bars written that follow the selected ones, or the end of the piece")
            }
            C::SwapCompared => ("Switch versions", "Hear the other of the two versions at the same place"),
            C::StarPassage => (
                "Star these bars",
                "Mark the version that is heard as the best in the bars that are looped or selected",
            ),
            C::MakeBest => (
                "Make one of the best",
                "Make a take of the starred bars; the other bars are from the version that is heard",
            ),
            C::CompareView => ("Compare view", "Show both versions' curves and a table per bar"),
            C::ViewRoll => ("Roll alone", "Show the piano roll and its lanes"),
            C::ViewPage => ("Page alone", "Show the score as engraved music"),
            C::ViewBoth => ("Page and roll", "Show the engraved music above the piano roll"),
            C::NextView => ("Next view", "Go from the roll to the page, to both, and back"),
            C::EndlessSystem => (
                "One endless system",
                "Show the score as one line that scrolls sideways, or as systems below one another",
            ),
            C::TintLoudness => (
                "Colour by loudness",
                "Note heads on the page show what is louder or softer than the version heard is on the whole",
            ),
            C::TintLength => (
                "Colour by length",
                "Note heads on the page show what is held longer or shorter than written",
            ),
            C::TintTiming => (
                "Colour by timing",
                "Note heads on the page show what is earlier or later than the tempo around it, fully from 60 ms on",
            ),
            C::PageCurves => (
                "Curves on the page",
                "Show the tempo above each system of the page and the loudness below it",
            ),
            C::PageMarks => ("Marks on the page", "Show moods and pinned notes on the page"),
            C::MarkWrong => (
                "Mark wrong notes",
                "Mark where a recording has another key than is written, on page and roll",
            ),
            C::MarkMissed => ("Mark missed notes", "Mark what a recording leaves out, on page and roll"),
            C::MarkExtra => {
                ("Mark extra notes", "Mark what a recording plays and is not written, on page and roll")
            }
            C::MarkHesitations => {
                ("Mark hesitations", "Mark where a recording waits longer than the beat, on page and roll")
            }
            C::ZoomIn => ("Zoom in", "Show less time, or larger notes on the page"),
            C::ZoomOut => ("Zoom out", "Show more time, or smaller notes on the page"),
            C::ZoomFit => ("Zoom to fit", "Show the whole piece, or the page in its usual size"),
            C::ToggleAxis => ("Even bars or seconds", "Draw all bars equally wide, or all seconds"),
            C::ToggleFollow => ("Follow the playhead", "Turn the page when the playhead leaves it"),
            C::ScaleUp => ("Larger", "Make everything in the window larger"),
            C::ScaleDown => ("Smaller", "Make everything in the window smaller"),
            C::ScaleReset => ("Normal size", "Make everything in the window as large as usual"),
            C::Palette => ("Find an action…", "Type a few letters of what to do"),
            C::Shortcuts => ("Keyboard shortcuts", "All keys on one page"),
            C::Messages => ("Messages", "Everything that Espressivo has said about this piece"),
            C::Settings => ("Settings…", "Theme, size, sound, and what takes are worked out on"),
            C::About => ("About Espressivo", "Versions and licences"),
        }
    }
}
