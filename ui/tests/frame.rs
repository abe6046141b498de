//! The frame of the face: menus, bars, panels, dialogs, keys.

#![allow(clippy::unwrap_used)]

mod common;

#[path = "frame/additions.rs"]
mod additions;
#[path = "frame/bench.rs"]
mod bench;
#[path = "frame/best.rs"]
mod best;
#[path = "frame/dialogs.rs"]
mod dialogs;
#[path = "frame/inspector.rs"]
mod inspector;
#[path = "frame/keyboard.rs"]
mod keyboard;
#[path = "frame/keys.rs"]
mod keys;
#[path = "frame/menus.rs"]
mod menus;
#[path = "frame/model.rs"]
mod model;
#[path = "frame/moods.rs"]
mod moods;
#[path = "frame/own_sound.rs"]
mod own_sound;
#[path = "frame/panels.rs"]
mod panels;
#[path = "frame/piano.rs"]
mod piano;
#[path = "frame/pictures.rs"]
mod pictures;
#[path = "frame/pieces.rs"]
mod pieces;
#[path = "frame/reference.rs"]
mod reference;
#[path = "frame/saving.rs"]
mod saving;
#[path = "frame/small.rs"]
mod small;
#[path = "frame/variations.rs"]
mod variations;
