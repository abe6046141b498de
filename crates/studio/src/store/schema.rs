//! What a project file looks like inside: an SQLite database with its tables.
//!
//! Raise [`FORMAT`] with every change that an older Espressivo could not read, write a reader for
//! the older format (as `format_1` is one), and make a set of files of it for `tests/fixtures`.
//! Fields that are added to the messages inside the blobs need no new format as long as they have a
//! default.

/// Marks the file as ours (`PRAGMA application_id`), the letters ESPV.
pub const APPLICATION_ID: i32 = 0x4553_5056;

/// Number of the format (`PRAGMA user_version`). Format 1 held no score, only the file that it is
/// read from, and notes as indices; format 2 had no checksums; format 3 is [`WITHOUT_SOUNDS`].
pub const FORMAT: i32 = 4;

/// The format that has [`TABLES`] and not [`SOUNDS`].
pub const WITHOUT_SOUNDS: i32 = 3;

/// Largest value of a column: a score's file, a take, a recording of sound.
pub const LARGEST_VALUE_BYTES: i32 = 256 << 20;

/// How every SQLite file begins.
pub const MAGIC: &[u8] = b"SQLite format 3\0";

/// Ready for writing: one file at rest, nothing lost by a crash or a power cut.
pub const SETTINGS: &str = "
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
";

/// The tables of a new project, beside [`SOUNDS`]. A file with others, or with other words for them, is refused, so every
/// change here needs a new format. `source` is the file that the score was read from, `scores` are the
/// scores that versions play.
///
/// Every row has a checksum of its values (see [`super::checksum`]), and `project` lists the rows there
/// are: `takes` are the numbers of the takes in their order. Every change gives it a new `stamp`, a
/// random number, and keeps the one before, which shows whether a journal is the file's own.
pub const TABLES: &str = "
CREATE TABLE project (
    only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
    main_score    INTEGER NOT NULL,
    next_number   INTEGER NOT NULL,
    listening     BLOB NOT NULL,
    compared      BLOB NOT NULL,
    view          BLOB NOT NULL,
    scores        INTEGER NOT NULL,
    takes         BLOB NOT NULL,
    first_step    INTEGER NOT NULL,
    steps         INTEGER NOT NULL,
    steps_done    INTEGER NOT NULL,
    stamp         INTEGER NOT NULL,
    stamp_before  INTEGER NOT NULL,
    checksum      INTEGER NOT NULL
);
CREATE TABLE source (
    only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
    name          TEXT NOT NULL,
    bytes         BLOB NOT NULL,
    as_written    INTEGER NOT NULL,
    checksum      INTEGER NOT NULL
);
CREATE TABLE scores (
    id            INTEGER PRIMARY KEY,
    fingerprint   INTEGER NOT NULL,
    score         BLOB NOT NULL,
    checksum      INTEGER NOT NULL
);
CREATE TABLE takes (
    number        INTEGER PRIMARY KEY,
    take          BLOB NOT NULL,
    checksum      INTEGER NOT NULL
);
CREATE TABLE steps (
    number        INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    changes       BLOB NOT NULL,
    checksum      INTEGER NOT NULL
);
";

/// The table of the files of recordings of sound: what is told of a file, and what is in it, which is nothing where
/// it is kept outside the project.
pub const SOUNDS: &str = "
CREATE TABLE sounds (
    id            INTEGER PRIMARY KEY,
    sound         BLOB NOT NULL,
    bytes         BLOB NOT NULL,
    checksum      INTEGER NOT NULL
);
";
