//! The transport on a virtual clock: what is heard, when, and that the playhead tells the truth.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Rig, arc, music, render, ticks};
use sound::transport::PlayState;

#[test]
fn what_plays_is_what_is_exported() {
    let piece = music(12, 0.5, 90);
    let exported = render(&piece);
    let mut rig = Rig::new();
    rig.transport.load(1, arc(piece));
    rig.transport.listen(1);
    rig.transport.play();
    rig.pass(exported.secs());
    assert_eq!(rig.heard.len(), exported.samples.len());
    let differing = rig.heard.iter().zip(&exported.samples).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 0, "of {} samples", exported.samples.len());
}

#[test]
fn plays_to_the_end_and_rests_where_it_began() {
    let mut rig = Rig::new();
    rig.transport.load(7, arc(ticks(8, 0.25)));
    rig.transport.listen(7);
    rig.transport.seek_quarters(4.0);
    rig.pass(0.05);
    assert_eq!(rig.status().position_quarters, 4.0);
    rig.transport.play();
    rig.pass(0.1);
    assert_eq!(rig.status().state, PlayState::Playing);
    rig.pass_until(PlayState::Stopped, 5.0);
    rig.pass(0.1);
    let status = rig.status();
    assert_eq!((status.version, status.position_quarters), (Some(7), 4.0));
}
