//! Checks the structure of an SF2 file before the synthesizer reads it.
//!
//! SoundFont 2.04 technical specification, sections 4 to 7: a RIFF file of three lists, INFO,
//! sdta (the samples) and pdta (nine tables that point into each other by index). Only lengths and
//! indices are looked at; what the numbers mean is the synthesizer's business.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::SoundError;

/// Why a file cannot be used, without its path.
#[derive(Debug)]
pub enum Flaw {
    /// Reading failed.
    Read(io::Error),
    /// Something else than an SF2 file.
    NotASoundFont(String),
    /// SF3.
    Compressed,
    /// Contents that contradict each other.
    Damaged(String),
    /// Nothing to play a keyboard piece with.
    NoPiano(String),
}

impl Flaw {
    /// The error that names the file.
    pub fn at(self, path: &Path) -> SoundError {
        let path = path.to_owned();
        match self {
            Self::Read(source) => SoundError::Read { path, source },
            Self::NotASoundFont(reason) => SoundError::NotASoundFont { path, reason },
            Self::Compressed => SoundError::Compressed { path },
            Self::Damaged(reason) => SoundError::Damaged { path, reason },
            Self::NoPiano(reason) => SoundError::NoPiano { path, reason },
        }
    }
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

fn damaged<T>(reason: impl Into<String>) -> Result<T, Flaw> {
    Err(Flaw::Damaged(reason.into()))
}

/// The tables of real soundfonts have a few megabytes at most.
const LARGEST_TABLES_BYTES: u64 = 64 << 20;

/// The synthesizer adds offsets of up to 2^30 to these positions in signed numbers of 32 bits.
const FARTHEST_SAMPLE: u32 = 1 << 29;

/// Flag of `sfSampleType` for Ogg Vorbis data, from SF3.
const VORBIS_FLAG: u16 = 0x10;

/// Checks lengths and indices of a whole file of `size_bytes`, read from its start.
pub fn structure(reader: &mut (impl Read + Seek), size_bytes: u64) -> Result<(), Flaw> {
    let mut start = [0; 12];
    let have = size_bytes.min(12) as usize;
    reader.read_exact(&mut start[..have])?;
    if &start[0..4] != b"RIFF" {
        return Err(Flaw::NotASoundFont("it does not begin with RIFF".into()));
    }
    if &start[8..12] != b"sfbk" {
        let kind = String::from_utf8_lossy(&start[8..12]).escape_default().to_string();
        return Err(Flaw::NotASoundFont(format!("it holds {kind}, not sfbk")));
    }
    let mut position = 12;
    for (kind, check) in
        [(b"INFO", check_info as ListCheck<_>), (b"sdta", check_samples), (b"pdta", check_tables)]
    {
        let name = String::from_utf8_lossy(kind);
        if position + 12 > size_bytes {
            return damaged(format!("it ends before its {name} list"));
        }
        let header: [u8; 12] = read_array(reader)?;
        let (id, length) = chunk_header(&header);
        if &id != b"LIST" || &header[8..12] != kind {
            return damaged(format!("the {name} list is missing"));
        }
        let end = position + 8 + u64::from(length);
        if length < 4 || end > size_bytes {
            return damaged(format!("it ends within its {name} list"));
        }
        check(reader, position + 12, end)?;
        position = end;
        reader.seek(SeekFrom::Start(position))?;
    }
    Ok(())
}

type ListCheck<R> = fn(&mut R, u64, u64) -> Result<(), Flaw>;

fn read_array<const N: usize>(reader: &mut impl Read) -> Result<[u8; N], Flaw> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn chunk_header(bytes: &[u8]) -> ([u8; 4], u32) {
    ([bytes[0], bytes[1], bytes[2], bytes[3]], u32_at(bytes, 4))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Calls `visit` with identifier, position and length of each chunk from `start` to `end`.
fn for_each_chunk<R: Read + Seek>(
    reader: &mut R,
    start: u64,
    end: u64,
    mut visit: impl FnMut(&mut R, [u8; 4], u64, u64) -> Result<(), Flaw>,
) -> Result<(), Flaw> {
    let mut position = start;
    while position < end {
        if position + 8 > end {
            return damaged("a list ends within the head of a chunk");
        }
        reader.seek(SeekFrom::Start(position))?;
        let (id, length) = chunk_header(&read_array::<8>(reader)?);
        let body = position + 8;
        position = body + u64::from(length);
        if position > end {
            let name = String::from_utf8_lossy(&id).escape_default().to_string();
            return damaged(format!("the chunk {name} is longer than its list"));
        }
        visit(reader, id, body, u64::from(length))?;
    }
    Ok(())
}

fn check_info<R: Read + Seek>(reader: &mut R, start: u64, end: u64) -> Result<(), Flaw> {
    for_each_chunk(reader, start, end, |reader, id, _, length| match &id {
        b"ifil" | b"iver" if length != 4 => damaged("its version chunk does not have 4 bytes"),
        b"ifil" => match u16_at(&read_array::<4>(reader)?, 0) {
            3 => Err(Flaw::Compressed),
            _ => Ok(()),
        },
        _ if length > 1 << 20 => damaged("a text about the soundfont is longer than 1 MiB"),
        _ => Ok(()),
    })
}

fn check_samples<R: Read + Seek>(reader: &mut R, start: u64, end: u64) -> Result<(), Flaw> {
    for_each_chunk(reader, start, end, |reader, id, _, length| match &id {
        b"smpl" if length < 4 || length % 2 != 0 => damaged("the sample data has an odd or no length"),
        b"smpl" if &read_array::<4>(reader)? == b"OggS" => Err(Flaw::Compressed),
        _ => Ok(()),
    })
}

/// The tables of the pdta list that hold indices: identifier, bytes a row.
const TABLES: [(&[u8; 4], u64); 7] =
    [(b"phdr", 38), (b"pbag", 4), (b"pgen", 4), (b"inst", 22), (b"ibag", 4), (b"igen", 4), (b"shdr", 46)];

fn check_tables<R: Read + Seek>(reader: &mut R, start: u64, end: u64) -> Result<(), Flaw> {
    if end - start > LARGEST_TABLES_BYTES {
        return damaged("its tables are longer than 64 MiB");
    }
    let mut tables: [Option<Vec<u8>>; 7] = Default::default();
    for_each_chunk(reader, start, end, |reader, id, _, length| {
        let Some(k) = TABLES.iter().position(|(name, _)| **name == id) else { return Ok(()) };
        let (name, row) = (String::from_utf8_lossy(&id), TABLES[k].1);
        if length == 0 || length % row != 0 {
            return damaged(format!("the table {name} has rows of a wrong length"));
        }
        if tables[k].is_some() {
            return damaged(format!("the table {name} is there twice"));
        }
        let mut bytes = vec![0; length as usize];
        reader.read_exact(&mut bytes)?;
        tables[k] = Some(bytes);
        Ok(())
    })?;
    let [Some(phdr), Some(pbag), Some(pgen), Some(inst), Some(ibag), Some(igen), Some(shdr)] = tables else {
        return damaged("one of its tables is missing");
    };
    check_indices("phdr", &phdr, 38, 24, pbag.len() / 4)?;
    check_indices("pbag", &pbag, 4, 0, pgen.len() / 4)?;
    check_indices("inst", &inst, 22, 20, ibag.len() / 4)?;
    check_indices("ibag", &ibag, 4, 0, igen.len() / 4)?;
    if shdr.chunks_exact(46).any(|row| [20, 24, 28, 32].iter().any(|at| u32_at(row, *at) > FARTHEST_SAMPLE)) {
        return damaged("a sample lies beyond the end of any file");
    }
    if shdr.chunks_exact(46).any(|row| u16_at(row, 44) & VORBIS_FLAG != 0) {
        return Err(Flaw::Compressed);
    }
    Ok(())
}

/// Each row's index into the next table must not be below that of the row before, nor beyond that
/// table's last row (which ends the list and is not used).
fn check_indices(name: &str, table: &[u8], row: usize, column: usize, next_rows: usize) -> Result<(), Flaw> {
    let mut least = 0;
    for (k, bytes) in table.chunks_exact(row).enumerate() {
        let index = usize::from(u16_at(bytes, column));
        if index < least || index >= next_rows {
            return damaged(format!("row {k} of the table {name} points to nowhere"));
        }
        least = index;
    }
    Ok(())
}
