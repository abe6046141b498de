//! The comparison in numbers: a row for each bar, both versions next to each other. A click on a
//! row goes there.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, FontId, Painter, Rangef, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use protocol::{BarRow, BarValues, BeatView, Command, CompareView};

use super::look::looks;
use crate::centre::roll::bar_text;
use crate::theme::Tokens;
use crate::{Outbox, controls, theme, words};

/// Height of a row.
const ROW_HEIGHT: f32 = 20.0;
/// How much higher it is where what is said of bars takes a second line.
const LINE_HEIGHT: f32 = 14.0;
/// Height of the two rows of titles.
const TITLE_HEIGHT: f32 = 34.0;

/// What two columns show: a title, and a value in words.
type Pair = (&'static str, fn(&BarValues, &BeatView) -> String);

const PAIRS: [Pair; 5] = [
    ("Start", |v, _| words::time(v.start_secs)),
    ("Tempo", |v, beat| format!("{:.0}", v.quarters_per_minute / beat.quarters)),
    ("Velocity", |v, _| format!("{:.0}", v.velocity)),
    ("Articulation", |v, _| format!("{:.2}", v.articulation)),
    ("Pedal", |v, _| format!("{:.0} %", v.pedal * 100.0)),
];

/// Share of the width that numbers have if there are words beside them, and how much they need and at most use; and
/// the width from which on there are words.
const NUMBERS_SHARE: f32 = 0.62;
const NUMBERS: Rangef = Rangef { min: 480.0, max: 640.0 };
const WORDS_FROM: f32 = 640.0;
/// Most lines that they take.
const MOST_LINES: usize = 2;
/// Width of a letter, about.
const LETTER: f32 = 5.8;

/// Where columns end: the bar's number, then two for each pair, then words if there are any.
struct Columns {
    bar: f32,
    width: f32,
    words: Option<Rangef>,
}

impl Columns {
    fn new(rect: Rect, has_words: bool) -> Self {
        let bar = 64.0;
        let has_words = has_words && rect.width() >= WORDS_FROM;
        let share = (rect.width() * NUMBERS_SHARE).clamp(NUMBERS.min, NUMBERS.max);
        let numbers = if has_words { share } else { rect.width() };
        let words = has_words.then(|| Rangef::new(rect.left() + numbers + 4.0, rect.right() - 16.0));
        Self { bar: rect.left() + bar, width: (numbers - bar - 16.0) / (2 * PAIRS.len()) as f32, words }
    }

    /// Right edge of a version's column.
    fn right(&self, pair: usize, version: usize) -> f32 {
        // The two of a pair stand close together.
        self.bar + self.width * (2 * pair + version + 1) as f32
            - if version == 1 { self.width * 0.15 } else { 0.0 }
    }
}

/// What is said of bars: whether anything is, and in how many lines.
#[derive(Clone, Copy)]
struct Said {
    has_words: bool,
    lines: usize,
}

impl Said {
    fn of(view: &CompareView, rect: Rect) -> Self {
        let has_words = view.bars.iter().any(|bar| !bar.words.is_empty());
        let letters = |bar: &BarRow| bar.words.iter().map(|words| words.chars().count() + 2).sum::<usize>();
        let longest = view.bars.iter().map(letters).max().unwrap_or(0) as f32;
        let place = Columns::new(rect, has_words).words.map_or(f32::INFINITY, Rangef::span);
        let lines = if longest * LETTER > place { MOST_LINES } else { 1 };
        Self { has_words, lines }
    }

    fn row_height(self) -> f32 {
        ROW_HEIGHT + LINE_HEIGHT * (self.lines - 1) as f32
    }
}

/// Draws the table.
pub fn show(ui: &mut Ui, view: &CompareView, beat: &BeatView, playhead: f64, out: &mut Outbox) {
    let tokens = theme::of(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TITLE_HEIGHT), Sense::hover());
    let said = Said::of(view, rect);
    titles(&ui.painter_at(rect), rect, &Columns::new(rect, said.has_words), tokens);
    let here = row_at(view, playhead);
    // A row that the playhead has just come to is brought into view; else scrolling is the user's.
    let remembered = ui.scope_id().with("row of the playhead");
    let before = ui.data_mut(|d| std::mem::replace(d.get_temp_mut_or_default(remembered), here));
    let entered = here.filter(|_| before != here);
    let area = ScrollArea::vertical().id_salt("bars").auto_shrink(false).animated(false);
    let height = said.row_height();
    area.show_rows(ui, height, view.bars.len(), |ui, rows| {
        if let Some(k) = entered {
            let top = ui.max_rect().top() + (k as f32 - rows.start as f32) * height;
            ui.scroll_to_rect(Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=top + height), None);
        }
        for k in rows {
            row(ui, &view.bars[k], beat, (said, here == Some(k)), out);
        }
    });
}

fn titles(painter: &Painter, rect: Rect, columns: &Columns, tokens: &Tokens) {
    let font = FontId::proportional(12.0);
    let y = rect.top() + 8.0;
    painter.text(pos2(rect.left() + 8.0, y), Align2::LEFT_CENTER, "Bar", font.clone(), tokens.text);
    if let Some(words) = columns.words {
        painter.text(pos2(words.min, y), Align2::LEFT_CENTER, "In words", font.clone(), tokens.text);
    }
    for (pair, (title, _)) in PAIRS.iter().enumerate() {
        let middle = (columns.right(pair, 0) - 20.0 + columns.right(pair, 1)) / 2.0;
        painter.text(pos2(middle, y), Align2::CENTER_CENTER, *title, font.clone(), tokens.text);
        for (version, look) in looks(tokens).into_iter().enumerate() {
            let right = columns.right(pair, version);
            let y = rect.bottom() - 7.0;
            let stroke = Stroke::new(3.0, look.color);
            if version == 0 {
                painter.hline(right - 20.0..=right, y, stroke);
            } else {
                painter.hline(right - 20.0..=right - 12.0, y, stroke);
                painter.hline(right - 8.0..=right, y, stroke);
            }
        }
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.border));
}

fn row(ui: &mut Ui, bar: &BarRow, beat: &BeatView, (said, is_here): (Said, bool), out: &mut Outbox) {
    let tokens = theme::of(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), said.row_height()), Sense::click());
    let name = bar_text(&bar.number, bar.pass);
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("Bar {name}")));
    controls::row_ground(ui, rect, is_here, response.hovered());
    controls::focus_edge(ui, rect, &response);
    let columns = Columns::new(rect, said.has_words);
    let painter = ui.painter_at(rect);
    let font = FontId::proportional(12.0);
    let y = rect.center().y;
    painter.text(pos2(rect.left() + 8.0, y), Align2::LEFT_CENTER, name, font.clone(), tokens.strong);
    for (version, values) in bar.values.iter().enumerate() {
        let color = if version == 0 { tokens.text } else { tokens.weak };
        for (pair, (_, words)) in PAIRS.iter().enumerate() {
            let text = values.as_ref().map_or_else(|| "–".to_owned(), |values| words(values, beat));
            let at = pos2(columns.right(pair, version), y);
            painter.text(at, Align2::RIGHT_CENTER, text, font.clone(), color);
        }
    }
    if let Some(place) = columns.words.filter(|_| !bar.words.is_empty()) {
        in_words(ui, Rect::from_x_y_ranges(place, rect.y_range()), &bar.words, said.lines);
    }
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
        out.send(Command::SeekQuarters(bar.start_quarters));
    }
}

/// What there is to say of a bar; what does not fit is in a tooltip.
fn in_words(ui: &Ui, place: Rect, said: &[String], lines: usize) {
    let said = said.join("; ");
    let color = theme::of(ui).text;
    let mut job =
        LayoutJob::single_section(said.clone(), TextFormat::simple(FontId::proportional(12.0), color));
    job.wrap = TextWrapping {
        max_width: place.width(),
        max_rows: lines,
        break_anywhere: lines == 1,
        ..TextWrapping::default()
    };
    let painter = ui.painter_at(place);
    let galley = painter.layout_job(job);
    painter.galley(place.left_center() - vec2(0.0, galley.size().y / 2.0), galley, color);
    let response =
        ui.interact(place, ui.scope_id().with(("in words", place.top().to_bits())), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    response.on_hover_ui(|ui| {
        ui.set_max_width(ui.spacing().tooltip_width);
        ui.label(said.as_str());
    });
}

/// The row that a place in the score is in.
fn row_at(view: &CompareView, quarters: f64) -> Option<usize> {
    let next = view.bars.partition_point(|b| b.start_quarters <= quarters);
    next.checked_sub(1).filter(|&k| quarters < view.bars[k].end_quarters)
}
