//! What the shell must remember of the views that pass through it: enough to name files.

use std::path::{Path, PathBuf};

use application::text::shown;
use protocol::{Event, ProjectView, VersionId};

/// The last words on the project, and the files that they named.
#[derive(Default)]
pub struct Memory {
    project: Option<ProjectView>,
    /// The soundfont of the settings.
    soundfont: Option<PathBuf>,
    /// The files of the start page's list.
    recent: Vec<PathBuf>,
    /// The file that the last question was about.
    played_file: Option<PathBuf>,
}

impl Memory {
    /// Takes note of an event on its way to the page.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Project(project) => self.note_project(project.as_deref()),
            Event::Start(view) => self.recent = view.recent.iter().map(|r| PathBuf::from(&r.path)).collect(),
            Event::PlayedFile(view) => self.played_file = Some(view.path.clone()),
            Event::Settings(view) => self.soundfont.clone_from(&view.settings.soundfont),
            _ => {}
        }
    }

    fn note_project(&mut self, project: Option<&ProjectView>) {
        let opening = |project: &ProjectView| project.opening;
        if project.map(opening) != self.project.as_ref().map(opening) {
            // With another document the question is answered.
            self.played_file = None;
        }
        self.project = project.cloned();
    }

    /// What the window is called.
    pub fn title(&self) -> String {
        match &self.project {
            None => "Espressivo".into(),
            Some(p) if p.read_only.is_some() => format!("{} (read-only) – Espressivo", shown(&p.name)),
            Some(p) => format!("{} – Espressivo", shown(&p.name)),
        }
    }

    /// The project's name; empty without a project.
    pub fn project_name(&self) -> &str {
        self.project.as_ref().map_or("", |p| &p.name)
    }

    /// Where the project is saved.
    pub fn project_path(&self) -> Option<&Path> {
        Some(Path::new(self.project.as_ref()?.path.as_ref()?))
    }

    /// The folder that the project is saved in.
    pub fn project_folder(&self) -> Option<&Path> {
        self.project_path()?.parent()
    }

    /// Whether a file was named to the page: one that was open before, the one with an open question, or
    /// the soundfont in use.
    pub fn knows(&self, path: &Path) -> bool {
        let single = [self.played_file.as_deref(), self.soundfont.as_deref()];
        self.recent.iter().any(|recent| recent == path) || single.contains(&Some(path))
    }

    /// Whether there is a project, and it has no place of its own yet.
    pub fn is_untitled(&self) -> bool {
        self.project.as_ref().is_some_and(|p| p.path.is_none())
    }

    /// What a version is called.
    pub fn version_name(&self, id: VersionId) -> &str {
        let take = self.project.iter().flat_map(|p| p.takes.iter().chain(&p.previews)).find(|t| t.id == id);
        take.map_or("Deadpan", |t| &t.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_what_is_open() {
        let mut memory = Memory::default();
        assert_eq!(memory.title(), "Espressivo");
        let mut project = ProjectView { name: "Prelude".into(), ..ProjectView::default() };
        memory.note(&Event::Project(Some(Box::new(project.clone()))));
        assert_eq!(memory.title(), "Prelude – Espressivo");
        assert!(memory.is_untitled());
        project.read_only = Some("open elsewhere".into());
        project.path = Some("/music/Prelude.espressivo".into());
        memory.note(&Event::Project(Some(Box::new(project))));
        assert_eq!(memory.title(), "Prelude (read-only) – Espressivo");
        assert_eq!(memory.project_folder(), Some(Path::new("/music")));
        memory.note(&Event::Project(None));
        assert_eq!(memory.title(), "Espressivo");
        assert!(!memory.is_untitled());
    }
}
