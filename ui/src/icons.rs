//! The pictures on buttons, drawn with lines: sharp at every scale and in every colour.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, epaint::PathShape, vec2};

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A triangle.
    Play,
    /// Two bars.
    Pause,
    /// A square.
    Stop,
    /// A bar and a triangle to the left.
    ToStart,
    /// Two arrows in a round.
    Loop,
    /// A metronome with its arm.
    Metronome,
    /// Four dots, the last one full: the bar before.
    CountIn,
    /// A line between two arrows.
    Follow,
    /// A loudspeaker.
    Volume,
    /// A loudspeaker that says nothing.
    Silent,
    /// Two arrows that change places.
    Swap,
    /// A die.
    Dice,
    /// An arrow in a circle, back to how it was.
    Reset,
    /// An arrow that turns back.
    Undo,
    /// An arrow that turns forward.
    Redo,
    /// Three dots.
    More,
    /// A cross.
    Close,
    /// A chip.
    Device,
    /// A speech bubble.
    Message,
    /// A triangle with a mark.
    Warning,
    /// Two halves, one of them full.
    Compare,
    /// Six dots to take hold of.
    Grip,
    /// A note.
    Note,
    /// A microphone: somebody played this.
    Recording,
    /// A pencil.
    Pencil,
    /// A star with five points.
    Star,
    /// A full circle.
    Record,
}

impl Icon {
    /// Paints it as large as fits into `rect`.
    pub fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let side = rect.width().min(rect.height());
        let pen = Pen { painter, origin: rect.center() - Vec2::splat(side / 2.0), unit: side / 16.0, color };
        pen.draw(self);
    }
}

/// Draws on a board of 16 by 16.
struct Pen<'a> {
    painter: &'a Painter,
    origin: Pos2,
    unit: f32,
    color: Color32,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        self.origin + vec2(x, y) * self.unit
    }

    fn stroke(&self) -> Stroke {
        Stroke::new(1.4 * self.unit, self.color)
    }

    fn points(&self, points: &[(f32, f32)]) -> Vec<Pos2> {
        points.iter().map(|&(x, y)| self.at(x, y)).collect()
    }

    fn line(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::line(self.points(points), self.stroke()));
    }

    fn outline(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::closed_line(self.points(points), self.stroke()));
    }

    fn fill(&self, points: &[(f32, f32)]) {
        self.painter.add(PathShape::convex_polygon(self.points(points), self.color, Stroke::NONE));
    }

    fn dot(&self, x: f32, y: f32, radius: f32) {
        self.painter.circle_filled(self.at(x, y), radius * self.unit, self.color);
    }

    fn block(&self, x: f32, y: f32, width: f32, height: f32) {
        let rect = Rect::from_min_max(self.at(x, y), self.at(x + width, y + height));
        self.painter.rect_filled(rect, self.unit, self.color);
    }

    fn frame(&self, x: f32, y: f32, width: f32, height: f32) {
        let rect = Rect::from_min_max(self.at(x, y), self.at(x + width, y + height));
        self.painter.rect_stroke(rect, 1.5 * self.unit, self.stroke(), egui::StrokeKind::Middle);
    }

    /// Part of a circle, from one angle to another in turns, clockwise from the right.
    fn arc(&self, centre: (f32, f32), radius: f32, from: f32, to: f32) {
        let points: Vec<(f32, f32)> = (0..=20)
            .map(|k| {
                let angle = (from + (to - from) * k as f32 / 20.0) * std::f32::consts::TAU;
                (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin())
            })
            .collect();
        self.line(&points);
    }

    /// An arrow that turns to the left (1) or to the right (-1).
    fn turn(&self, side: f32) {
        let mirrored = |points: &[(f32, f32)]| -> Vec<(f32, f32)> {
            points.iter().map(|&(x, y)| (8.0 + (x - 8.0) * side, y)).collect()
        };
        self.line(&mirrored(&[
            (2.5, 6.0),
            (10.0, 6.0),
            (12.4, 7.0),
            (13.4, 9.2),
            (12.4, 11.4),
            (10.0, 12.5),
            (6.0, 12.5),
        ]));
        self.line(&mirrored(&[(5.8, 2.5), (2.3, 6.0), (5.8, 9.5)]));
    }

    fn speaker(&self) {
        self.fill(&[(2.0, 6.0), (4.5, 6.0), (4.5, 10.0), (2.0, 10.0)]);
        self.fill(&[(4.5, 6.0), (8.5, 2.5), (8.5, 13.5), (4.5, 10.0)]);
    }

    fn draw(&self, icon: Icon) {
        match icon {
            Icon::Play => self.fill(&[(4.0, 2.0), (14.0, 8.0), (4.0, 14.0)]),
            Icon::Pause => {
                self.block(3.5, 2.5, 3.2, 11.0);
                self.block(9.3, 2.5, 3.2, 11.0);
            }
            Icon::Stop => self.block(3.0, 3.0, 10.0, 10.0),
            Icon::ToStart => {
                self.block(2.5, 3.0, 2.0, 10.0);
                self.fill(&[(13.5, 3.0), (13.5, 13.0), (5.5, 8.0)]);
            }
            Icon::Loop => {
                self.line(&[(2.5, 8.0), (2.5, 6.0), (4.0, 4.5), (12.0, 4.5)]);
                self.fill(&[(11.0, 1.5), (14.5, 4.5), (11.0, 7.5)]);
                self.line(&[(13.5, 8.0), (13.5, 10.0), (12.0, 11.5), (4.0, 11.5)]);
                self.fill(&[(5.0, 8.5), (5.0, 14.5), (1.5, 11.5)]);
            }
            Icon::Metronome => {
                self.outline(&[(5.8, 2.0), (10.2, 2.0), (13.0, 14.0), (3.0, 14.0)]);
                self.line(&[(8.0, 11.0), (13.2, 3.5)]);
                self.line(&[(3.8, 11.0), (12.2, 11.0)]);
            }
            Icon::CountIn => {
                for x in [1.6, 5.2, 8.8] {
                    self.dot(x, 8.0, 0.9);
                }
                self.dot(13.2, 8.0, 2.5);
            }
            Icon::Follow => {
                self.line(&[(8.0, 1.5), (8.0, 14.5)]);
                self.line(&[(10.5, 8.0), (14.0, 8.0)]);
                self.fill(&[(12.0, 5.0), (15.5, 8.0), (12.0, 11.0)]);
                self.line(&[(1.5, 8.0), (5.5, 8.0)]);
            }
            Icon::Volume => {
                self.speaker();
                self.arc((8.5, 8.0), 3.0, -0.13, 0.13);
                self.arc((8.5, 8.0), 5.8, -0.13, 0.13);
            }
            Icon::Silent => {
                self.speaker();
                self.line(&[(10.8, 5.8), (15.0, 10.2)]);
                self.line(&[(15.0, 5.8), (10.8, 10.2)]);
            }
            Icon::Swap => {
                self.line(&[(2.0, 5.0), (12.0, 5.0)]);
                self.line(&[(9.5, 2.2), (12.8, 5.0), (9.5, 7.8)]);
                self.line(&[(14.0, 11.0), (4.0, 11.0)]);
                self.line(&[(6.5, 8.2), (3.2, 11.0), (6.5, 13.8)]);
            }
            Icon::Dice => {
                self.frame(2.0, 2.0, 12.0, 12.0);
                for (x, y) in [(5.2, 5.2), (10.8, 5.2), (8.0, 8.0), (5.2, 10.8), (10.8, 10.8)] {
                    self.dot(x, y, 1.1);
                }
            }
            Icon::Reset => {
                self.arc((8.0, 8.5), 5.2, -0.62, 0.2);
                self.fill(&[(1.6, 1.8), (6.8, 4.6), (2.0, 7.4)]);
            }
            Icon::Undo => self.turn(1.0),
            Icon::Redo => self.turn(-1.0),
            Icon::More => {
                for x in [3.0, 8.0, 13.0] {
                    self.dot(x, 8.0, 1.4);
                }
            }
            Icon::Close => {
                self.line(&[(3.8, 3.8), (12.2, 12.2)]);
                self.line(&[(12.2, 3.8), (3.8, 12.2)]);
            }
            Icon::Device => {
                self.frame(4.0, 4.0, 8.0, 8.0);
                for k in [6.2, 9.8] {
                    self.line(&[(k, 1.5), (k, 4.0)]);
                    self.line(&[(k, 12.0), (k, 14.5)]);
                    self.line(&[(1.5, k), (4.0, k)]);
                    self.line(&[(12.0, k), (14.5, k)]);
                }
            }
            Icon::Message => {
                self.outline(&[
                    (2.0, 3.0),
                    (14.0, 3.0),
                    (14.0, 11.0),
                    (8.0, 11.0),
                    (5.0, 14.0),
                    (5.0, 11.0),
                    (2.0, 11.0),
                ]);
            }
            Icon::Warning => {
                self.outline(&[(8.0, 2.0), (14.5, 13.5), (1.5, 13.5)]);
                self.line(&[(8.0, 6.2), (8.0, 9.6)]);
                self.dot(8.0, 11.6, 0.9);
            }
            Icon::Compare => {
                self.frame(2.0, 3.0, 12.0, 10.0);
                self.block(2.0, 3.0, 6.0, 10.0);
            }
            Icon::Grip => {
                for x in [5.5, 10.5] {
                    for y in [3.5, 8.0, 12.5] {
                        self.dot(x, y, 1.3);
                    }
                }
            }
            Icon::Note => {
                self.dot(5.2, 12.0, 2.6);
                self.line(&[(7.2, 12.0), (7.2, 2.5), (11.5, 5.5)]);
            }
            Icon::Recording => {
                self.block(6.0, 1.5, 4.0, 7.5);
                self.arc((8.0, 7.5), 4.4, 0.0, 0.5);
                self.line(&[(8.0, 12.0), (8.0, 14.5)]);
            }
            Icon::Record => self.dot(8.0, 8.0, 5.2),
            Icon::Pencil => {
                self.outline(&[(3.0, 13.0), (3.6, 10.2), (11.0, 2.8), (13.2, 5.0), (5.8, 12.4)]);
            }
            Icon::Star => {
                let point = |k: u8| {
                    let radius = if k.is_multiple_of(2) { 6.6 } else { 2.8 };
                    let (sin, cos) = (f32::from(k) * std::f32::consts::TAU / 10.0).sin_cos();
                    (8.0 + radius * sin, 8.4 - radius * cos)
                };
                self.outline(&(0..10).map(point).collect::<Vec<_>>());
            }
        }
    }
}
