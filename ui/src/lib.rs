//! The face of Espressivo: egui, one module per panel.
//!
//! The face holds only what the eye needs. It sends [`protocol::Command`]s through an [`Outbox`],
//! keeps the last [`protocol::Event`] of each kind in a [`Model`], and draws that. It touches no
//! file, no model and no sound. Compiled to wasm it is the app's page; natively it is what the tests
//! drive.

pub mod commands;
pub mod model;
pub mod outbox;
pub mod theme;

pub use commands::UiCommand;
pub use model::Model;
pub use outbox::Outbox;
