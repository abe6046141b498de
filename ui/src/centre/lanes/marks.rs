//! Stems and dots for egui_plot: one mesh for thousands of notes.

use std::ops::RangeInclusive;
use std::sync::Arc;

use egui::{Color32, Mesh, Shape, Ui};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};

/// A mesh as an item of a plot. It is in points of the screen, made for the plot's bounds.
pub struct Marks {
    base: PlotItemBase,
    mesh: Arc<Mesh>,
}

impl Marks {
    /// An item of this name.
    pub fn new(name: &str, mesh: Arc<Mesh>) -> Self {
        Self { base: PlotItemBase::new(name.to_owned()), mesh }
    }
}

impl PlotItem for Marks {
    fn shapes(&self, _ui: &Ui, _transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        shapes.push(Shape::Mesh(self.mesh.clone()));
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
