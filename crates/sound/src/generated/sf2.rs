//! Writes SF2 files: the SoundFont 2.04 technical specification, sections 5 to 8, as far as one
//! preset with one instrument of mono samples needs it.

/// A recording of one key.
pub struct Sample {
    /// At most 19 characters are kept.
    pub name: String,
    /// The key it sounds as.
    pub root: u8,
    /// Frames a second.
    pub sample_hz: u32,
    /// The sound; it is played once, without a loop.
    pub data: Vec<i16>,
}

/// Which keys and velocities play a sample, and how.
pub struct Zone {
    /// As [`Builder::add_sample`] numbered it.
    pub sample: u16,
    /// First and last key.
    pub keys: (u8, u8),
    /// First and last velocity.
    pub velocities: (u8, u8),
    /// -50 (left) to 50 (right).
    pub pan_percent: f64,
    /// Cut-off of the low-pass filter.
    pub filter_hz: f64,
    /// Time in which a released key loses 80 dB or so.
    pub release_secs: f64,
}

/// An SF2 file in the making.
pub struct Builder {
    name: String,
    samples: Vec<Sample>,
    zones: Vec<Zone>,
}

/// Generator numbers, section 8.1.2.
mod generator {
    pub const FILTER_CUTOFF: u16 = 8;
    pub const PAN: u16 = 17;
    pub const RELEASE: u16 = 38;
    pub const INSTRUMENT: u16 = 41;
    pub const KEY_RANGE: u16 = 43;
    pub const VELOCITY_RANGE: u16 = 44;
    pub const SAMPLE: u16 = 53;
}

/// Silent frames after each sample that section 7.10 requires.
const GAP_FRAMES: usize = 46;

impl Builder {
    /// A file with nothing in it.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), samples: Vec::new(), zones: Vec::new() }
    }

    /// Adds a sample and returns its number.
    pub fn add_sample(&mut self, sample: Sample) -> u16 {
        self.samples.push(sample);
        (self.samples.len() - 1) as u16
    }

    /// Adds a zone; those that a key and its velocity lie in all sound.
    pub fn add_zone(&mut self, zone: Zone) {
        self.zones.push(zone);
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        let info = [
            chunk(b"ifil", &[2, 0, 4, 0]),
            chunk(b"isng", &text("EMU8000", 8)),
            chunk(b"INAM", &even_text(&self.name)),
            chunk(b"ICOP", &even_text("The Espressivo authors, MIT OR Apache-2.0")),
        ];
        let lists = [
            list(b"INFO", &info.concat()),
            list(b"sdta", &chunk(b"smpl", &self.sample_data())),
            list(b"pdta", &self.tables()),
        ];
        let body = [b"sfbk".to_vec(), lists.concat()].concat();
        chunk(b"RIFF", &body)
    }

    fn sample_data(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for sample in &self.samples {
            bytes.extend(sample.data.iter().flat_map(|s| s.to_le_bytes()));
            bytes.extend([0; 2 * GAP_FRAMES]);
        }
        bytes
    }

    /// The nine tables; each ends with a row that only closes the one before.
    fn tables(&self) -> Vec<u8> {
        let end = |bytes: usize| vec![0; bytes];
        let preset = |name: &str, bag: u16| [text(name, 20), words(&[0, 0, bag]), end(12)].concat();
        let instrument = |name: &str, bag: u16| [text(name, 20), words(&[bag])].concat();
        let (mut bags, mut generators) = (Vec::new(), Vec::new());
        for zone in &self.zones {
            bags.extend(words(&[(generators.len() / 4) as u16, 0]));
            generators.extend(zone_generators(zone));
        }
        bags.extend(words(&[(generators.len() / 4) as u16, 0]));
        generators.extend(end(4));
        [
            chunk(b"phdr", &[preset(&self.name, 0), preset("EOP", 1)].concat()),
            chunk(b"pbag", &words(&[0, 0, 1, 0])),
            chunk(b"pmod", &end(10)),
            chunk(b"pgen", &words(&[generator::INSTRUMENT, 0, 0, 0])),
            chunk(b"inst", &[instrument(&self.name, 0), instrument("EOI", self.zones.len() as u16)].concat()),
            chunk(b"ibag", &bags),
            chunk(b"imod", &end(10)),
            chunk(b"igen", &generators),
            chunk(b"shdr", &self.sample_headers()),
        ]
        .concat()
    }

    fn sample_headers(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut start = 0_u32;
        for sample in &self.samples {
            let end = start + sample.data.len() as u32;
            bytes.extend(text(&sample.name, 20));
            for number in [start, end, start, end, sample.sample_hz] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend([sample.root, 0]);
            bytes.extend(words(&[0, 1]));
            start = end + GAP_FRAMES as u32;
        }
        bytes.extend(text("EOS", 46));
        bytes
    }
}

/// Key range first, then velocity range, the sample last, as section 8.1.2 demands.
fn zone_generators(zone: &Zone) -> Vec<u8> {
    let range = |(low, high): (u8, u8)| u16::from_le_bytes([low, high]);
    let signed = |value: f64| (value.round() as i16).cast_unsigned();
    // Absolute cents above 8.176 Hz; time cents are relative to one second.
    let cutoff_cents = 1200.0 * (zone.filter_hz / 8.176).log2();
    words(&[
        generator::KEY_RANGE,
        range(zone.keys),
        generator::VELOCITY_RANGE,
        range(zone.velocities),
        generator::PAN,
        signed(10.0 * zone.pan_percent),
        generator::FILTER_CUTOFF,
        signed(cutoff_cents.clamp(1_500.0, 13_500.0)),
        generator::RELEASE,
        signed(1200.0 * zone.release_secs.log2()),
        generator::SAMPLE,
        zone.sample,
    ])
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// Text of a fixed length that ends with at least one zero.
fn text(words: &str, length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = words.bytes().take(length - 1).collect();
    bytes.resize(length, 0);
    bytes
}

/// Text with one or two zeros at its end, so that its length is even.
fn even_text(words: &str) -> Vec<u8> {
    text(words, (words.len() + 2) & !1)
}

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [id.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat()
}

fn list(kind: &[u8; 4], chunks: &[u8]) -> Vec<u8> {
    chunk(b"LIST", &[kind.as_slice(), chunks].concat())
}
