//! The face of Espressivo: egui, one module per panel.
//!
//! The face holds only what the eye needs. It sends [`protocol::Command`]s through an [`Outbox`],
//! keeps the last [`protocol::Event`] of each kind in a [`Model`], and draws that. It touches no
//! file, no model and no sound. Compiled to wasm it is the app's page; natively it is what the tests
//! drive.
//!
//! [`App`] is the window. Panels: [`menu`] and [`transport_bar`] at the top, [`takes`] (with [`best`] and [`take_away`]) at the left,
//! [`centre`] in the middle, [`perform`] or [`variations`] at the right, [`jobs`] and [`inspector`] at the bottom,
//! [`start_page`] while nothing is open. Over them: [`dialogs`] ([`palette`], [`shortcuts`], [`settings`], [`about`],
//! [`save`], [`played_file`], [`unpinned`], [`kept`]) and [`messages`]. [`commands`] is everything that can be done, [`actions`] says when
//! it can, [`app`] does it.

pub mod about;
pub mod actions;
pub mod additions;
pub mod app;
pub mod automation;
pub mod best;
pub mod centre;
pub mod commands;
pub mod controls;
pub mod descriptions;
pub mod dialogs;
pub mod go_to;
pub mod icons;
pub mod inspector;
pub mod jobs;
pub mod kept;
pub mod keyboard;
pub mod keys;
pub mod menu;
pub mod messages;
pub mod model;
pub mod mood;
pub mod new_piece;
pub mod outbox;
pub mod own_sound;
pub mod palette;
pub mod part;
pub mod perform;
pub mod phrases;
pub mod piano;
pub mod played_file;
pub mod pointing;
pub mod reading;
pub mod remember;
pub mod save;
pub mod settings;
pub mod shortcuts;
pub mod side;
pub mod start_page;
pub mod suggestions;
pub mod take_away;
pub mod takes;
pub mod theme;
pub mod transport_bar;
pub mod unpinned;
pub mod variations;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod bridge;
#[cfg(target_arch = "wasm32")]
pub mod web;

pub use app::App;
pub use commands::UiCommand;
pub use model::Model;
pub use outbox::Outbox;
