//! The files of recordings of sound in a project file.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};

use super::checksum::Checksum;
use super::contents::{Flaw, pack, rows, unpack};
use crate::document::{Document, OwnSound, SoundId, Sounds, Take};
use crate::history::{Change, History};

/// Writes the sounds that takes or steps name and that are not in the file yet.
pub(super) fn write_new(
    tx: &Transaction<'_>,
    document: &Document,
    history: &History,
) -> rusqlite::Result<()> {
    let named = named(document, history);
    if named.is_empty() {
        return Ok(());
    }
    let mut query = tx.prepare_cached("SELECT id FROM sounds")?;
    let known: rusqlite::Result<BTreeSet<u32>> = query.query_map([], |row| row.get(0))?.collect();
    let known = known?;
    for id in named.into_iter().filter(|id| !known.contains(&id.0)) {
        if let Some(sound) = document.sounds.get(id) {
            write(tx, id, sound)?;
        }
    }
    Ok(())
}

fn write(tx: &Transaction<'_>, id: SoundId, sound: &OwnSound) -> rusqlite::Result<()> {
    let packed = pack(sound)?;
    let sum = sum(id.0, &packed, &sound.bytes).sum();
    let mut insert = tx.prepare_cached("INSERT INTO sounds VALUES (?, ?, ?, ?)")?;
    insert.execute(params![id.0, packed, &*sound.bytes, sum]).map(drop)
}

/// The sounds that takes and steps name.
fn named(document: &Document, history: &History) -> BTreeSet<SoundId> {
    let changed = history.numbered().flat_map(|(_, step)| &step.changes).flat_map(takes_of);
    document.takes.iter().chain(changed).filter_map(|take| take.origin.sound).collect()
}

/// The takes that a change holds.
fn takes_of(change: &Change) -> impl Iterator<Item = &Take> {
    let (one, other) = match change {
        Change::Added { take, .. } | Change::Removed { take, .. } => (Some(&**take), None),
        Change::Replaced { before, after } => (Some(&**before), Some(&**after)),
        _ => (None, None),
    };
    one.into_iter().chain(other)
}

fn sum(id: u32, packed: &[u8], bytes: &[u8]) -> Checksum {
    Checksum::of("sounds").number(id).bytes(packed).bytes(bytes)
}

/// Reads all sounds, and checks that they are what was written.
pub(super) fn read(tx: &Transaction<'_>) -> Result<Sounds, Flaw> {
    let mut sounds = Sounds::default();
    let found = rows(tx, "SELECT id, sound, bytes, checksum FROM sounds ORDER BY id", [], |row| {
        let (id, packed, bytes) = (row.get(0)?, row.get_ref(1)?, row.get_ref(2)?.as_blob()?);
        sum(id, packed.as_blob()?, bytes).check(row.get(3)?, || format!("sound {id}"))?;
        Ok((SoundId(id), OwnSound { bytes: bytes.into(), ..unpack(packed, "a sound")? }))
    })?;
    found.into_iter().for_each(|(id, sound)| sounds.restore(id, sound));
    Ok(sounds)
}
