//! What is done with what comes in: each command and each piece of news goes to the part that it is for.

use std::path::{Path, PathBuf};
use std::time::Instant;

use protocol::{Command, Event};

use super::input::Input;
use super::{FAST_POLLING, Session};

impl Session {
    /// Carries out a command, or handles a report of another thread.
    pub fn handle(&mut self, input: Input) {
        self.take_in(input);
        self.note_open();
    }

    fn take_in(&mut self, input: Input) {
        match input {
            Input::Command(command) => {
                self.polls_fast_until = Instant::now() + FAST_POLLING;
                self.command(*command);
            }
            Input::News(news) => self.news(news),
            Input::Piano(request, found) => self.piano_found(request, found),
            Input::EarlyPiano(request, piano) => self.piano_arriving(request, piano),
            Input::Got(job, addition, got) => self.got(job, addition, got),
            Input::Loudness(measured) => self.loudness_known(&measured),
            Input::OwnSound(read) => self.own_sound_read(read),
            Input::Progress(job, done) => self.progress(job, done),
            Input::Written(written) => self.written(written),
            Input::PaperEngraved => self.paper_engraved(),
            Input::Recording(job, imported) => self.recording_read(job, *imported),
            Input::Reference(job, found) => self.reference_read(job, *found),
            Input::Recorded(job, recorded) => self.recorded(job, *recorded),
            Input::ForDrag(request, reply) => self.export_for_drag(&request, reply),
            Input::Changed(what) => self.changed_elsewhere(what),
            Input::End(reply) => {
                self.end();
                // Who has stopped waiting needs no answer.
                reply.send(()).ok();
            }
        }
    }

    fn command(&mut self, command: Command) {
        use Command as C;
        match command {
            C::Hello => self.tell_everything(),
            C::Open(path) => self.open_file(&path),
            C::OpenAsScore(path) => self.open_as_score(&path),
            C::DismissPlayedFile => self.played_file = None,
            C::OpenDemo(name) => self.open_demo(&name),
            C::ImportRecording(path) => self.with_path(path, Self::import_recording),
            C::Save => self.save(),
            C::SaveAs(path) => self.with_path(path, Self::save_as),
            C::Close => self.close(),
            C::ClearRecent => self.clear_recent(),
            C::RestoreRecent => self.restore_recent(),
            C::ExportMidi(request, path) => self.with_path(path, |s, p| s.export_midi(&request, p)),
            C::ExportWav(request, path) => self.with_path(path, |s, p| s.export_wav(&request, p)),
            C::ExportReport(path) => self.with_path(path, Self::export_report),
            C::PrintPage(request, path) => self.with_path(path, |s, p| s.print_page(*request, p)),
            C::TogglePlay
            | C::Stop
            | C::SeekQuarters(_)
            | C::Loop(_)
            | C::Rate(_)
            | C::Volume(_)
            | C::Metronome(_)
            | C::CountIn(_)
            | C::Audition(..) => self.transport(&command),
            C::Listen(id) => self.listen(id),
            C::Compare(id) => self.compare(id),
            C::SwapCompared => self.swap_compared(),
            C::HearOwnSound(id, is_own) => self.hear_own_sound(id, is_own),
            C::Record(request) => self.record(request),
            C::StopRecording => self.stop_recording(),
            C::FindKeyboards => self.find_keyboards(),
            C::AddKept(id) => self.add_kept(&id),
            C::SaveKept(id, path) => self.with_path(path, |s, p| s.save_kept(&id, p)),
            C::DropKept(id) => self.drop_kept(&id),
            C::Perform(request) => self.perform(&request),
            C::ReadMood { text, bars } => self.read_mood(text, bars),
            C::ReadMoodOf(id) => self.tell_mood_of(id),
            C::ReadManner { performer, knob, of } => self.read_manner(performer, knob, of),
            C::Cancel(job) => self.cancel(job),
            C::MakeVariations(request) => self.make_variations(&request),
            C::PreviewVariation(number) => self.preview_variation(number),
            C::KeepVariation(number) => self.keep_variation(number),
            C::PutVariation(number) => self.put_variation(number),
            C::DropVariations => self.drop_variations(),
            C::NewPiece(request) => self.new_piece(&request),
            C::ContinuePiece(request) => self.continue_piece(&request),
            C::Edit(id, edit) => self.edit(id, &edit),
            C::Rename(id, name) => self.rename(id, &name),
            C::Delete(id) => self.delete(id),
            C::Duplicate(id) => self.duplicate(id),
            C::Star(bars, of) => self.star(&bars, of),
            C::MakeBest(id) => self.make_best(id),
            C::Undo => self.undo(),
            C::Redo => self.redo(),
            C::AdoptReading => self.adopt_reading(),
            C::ShowPage { score, width_spaces } => self.show_page(score, width_spaces),
            C::EngravePaper(score) => self.engrave_paper(score),
            C::DrawSystem { score, width_spaces, system, pixels_per_space } => {
                self.draw_system((score, width_spaces), system, pixels_per_space);
            }
            C::Remember(view) => self.remember(view),
            C::RememberPanel(panel) => self.remember_panel(panel),
            C::RememberVariations(set) => self.remember_variations(set),
            C::Settings(settings) => self.change_settings(settings),
            C::ChooseSoundfont(path) => self.with_path(path, Self::choose_soundfont),
            C::FindMidiPorts => self.find_midi_ports(),
            C::Get(addition) => self.get(addition),
            C::About => self.emit(Event::About(self.shared.about.clone())),
            // The shell shows a file dialog first, or does it alone.
            C::OpenDialog | C::DragOut(_) | C::ShowExported => {}
            C::NewWindow | C::CloseWindow | C::Quit => {}
        }
    }

    fn with_path(&mut self, path: Option<PathBuf>, act: impl FnOnce(&mut Self, &Path)) {
        if let Some(path) = path {
            act(self, &path);
        }
    }
}
