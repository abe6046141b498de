//! The sound of one struck key, by adding its partials.
//!
//! Stiff strings sound sharp of the harmonic series: `f_n = n f_0 sqrt(1 + B n^2)` (H. Fletcher,
//! "Normal vibration frequencies of a stiff piano string", JASA 36, 1964). Two or three strings a
//! key, not quite in tune, exchange energy over the bridge: a loud part dies fast, a soft one
//! lingers and beats (G. Weinreich, "Coupled piano strings", JASA 62, 1977). The hammer strikes at
//! about an eighth of the length, which weakens every eighth partial.

use std::f64::consts::TAU;

/// One key, ready to be computed.
pub struct KeySound {
    /// Frames a second; low keys need fewer.
    pub sample_hz: u32,
    key: u8,
    secs: f64,
    modes: Vec<Mode>,
}

/// One exponentially decaying sine.
#[derive(Clone, Copy)]
struct Mode {
    hz: f64,
    amplitude: f64,
    decay_per_sec: f64,
}

/// Frequency of a key in equal temperament, A4 = 440 Hz.
pub fn fundamental_hz(key: u8) -> f64 {
    440.0 * ((f64::from(key) - 69.0) / 12.0).exp2()
}

/// Inharmonicity of a medium grand: two straight lines over the key number in the logarithm, one
/// for the bass bridge, one for the treble (F. Rigaud, B. David, L. Daudet, "A parametric model
/// and estimation techniques for the inharmonicity and tuning of the piano", JASA 133, 2013).
fn inharmonicity(key: u8) -> f64 {
    let m = f64::from(key);
    (-0.0847 * m - 5.82).exp() + (0.0926 * m - 13.64).exp()
}

/// Time in which the lingering sound of the fundamental loses 60 dB.
fn decay_60_secs(key: u8) -> f64 {
    22.0 * (-(f64::from(key) - 21.0) / 24.0).exp2()
}

/// Where the hammer strikes, as a part of the string.
const STRIKE_POINT: f64 = 1.0 / 8.2;

/// Natural logarithm of 60 dB.
const LN_60_DB: f64 = 6.907_755;

/// The share of the fast part of the decay, and how much faster it is.
const PROMPT_SHARE: f64 = 0.65;
const PROMPT_SPEED: f64 = 3.0;

/// Distance in cents between the strings of a key: heard as a slow beating, not as mistuning.
const STRING_CENTS: f64 = 0.7;

impl KeySound {
    /// The sound of a key struck hard.
    pub fn of(key: u8) -> Self {
        let sample_hz = if key < 52 { 22_050 } else { 44_100 };
        let mut modes = Vec::new();
        let (f0, b) = (fundamental_hz(key), inharmonicity(key));
        let slow = LN_60_DB / decay_60_secs(key);
        for n in 1..=60_i32 {
            let n = f64::from(n);
            // Divided so that the first partial, which is heard as the pitch, is in tune.
            let hz = n * f0 * ((1.0 + b * n * n) / (1.0 + b)).sqrt();
            if hz > 0.42 * f64::from(sample_hz) || hz > 9_000.0 {
                break;
            }
            let amplitude = partial_amplitude(n, hz, f0);
            let decay_per_sec = slow * (1.0 + 0.05 * (n - 1.0)) + 0.25 * (hz / 1_000.0).powi(2);
            let apart = (STRING_CENTS / 1200.0).exp2();
            modes.push(Mode {
                hz: hz / apart.sqrt(),
                amplitude: amplitude * PROMPT_SHARE,
                decay_per_sec: PROMPT_SPEED * decay_per_sec,
            });
            modes.push(Mode {
                hz: hz * apart.sqrt(),
                amplitude: amplitude * (1.0 - PROMPT_SHARE),
                decay_per_sec,
            });
        }
        modes.extend(knock(key));
        // Those that die first are computed together, and then no longer.
        modes.sort_by(|a, b| b.decay_per_sec.total_cmp(&a.decay_per_sec));
        let secs = (0.8 * decay_60_secs(key)).clamp(1.4, 7.0);
        Self { sample_hz, key, secs, modes }
    }

    /// The samples, about as loud as other keys.
    pub fn samples(&self) -> Vec<i16> {
        let rate = f64::from(self.sample_hz);
        let length = (self.secs * rate) as usize;
        let mut sum = vec![0.0_f32; length];
        for modes in self.modes.chunks(LANES) {
            add_modes(&mut sum, modes, rate);
        }
        add_hammer_noise(&mut sum, self.key, rate);
        shape_ends(&mut sum, self.key, rate);
        to_16_bits(&sum, loudness(&sum, rate), self.key)
    }
}

/// How strongly a hard blow excites a partial and the soundboard radiates it.
fn partial_amplitude(n: f64, hz: f64, f0: f64) -> f64 {
    let struck = (std::f64::consts::PI * n * STRIKE_POINT).sin().abs() + 0.03;
    // A felt hammer is in contact for a few milliseconds in the bass, for one in the treble: what
    // vibrates faster than that is excited less.
    let hammer_hz = 2_400.0 + 2.0 * f0;
    let hammer = 1.0 / (1.0 + (hz / hammer_hz).powi(2));
    // A soundboard is too small for the lowest frequencies.
    let board = 1.0 / (1.0 + (85.0 / hz).powi(2));
    struck * hammer * board / n.powf(0.7)
}

/// The thump of key bed and soundboard under the note: short, low, the same for all keys.
fn knock(key: u8) -> impl Iterator<Item = Mode> {
    let level = 0.012 + 0.05 * (f64::from(key) - 21.0) / 87.0;
    [(88.0, 45.0), (141.0, 55.0), (207.0, 70.0), (318.0, 90.0)]
        .into_iter()
        .map(move |(hz, decay_per_sec)| Mode { hz, amplitude: level, decay_per_sec })
}

/// Modes that are computed side by side, so that the compiler can use vector instructions.
const LANES: usize = 8;

/// Samples between two looks at whether anything is left of the modes.
const CHUNK: usize = 2_048;

/// Less than the last of 16 bits.
const INAUDIBLE: f32 = 5e-6;

/// In the order in which vector instructions add.
fn sum_of(lanes: &[f32; LANES]) -> f32 {
    let four: [f32; 4] = std::array::from_fn(|k| lanes[k] + lanes[k + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

/// Adds decaying sines by rotating one complex number for each.
fn add_modes(sum: &mut [f32], modes: &[Mode], rate: f64) {
    let mut lanes = [[0.0_f32; LANES]; 4];
    let [re, im, turn_re, turn_im] = &mut lanes;
    for (k, mode) in modes.iter().enumerate() {
        let shrink = (-mode.decay_per_sec / rate).exp();
        re[k] = mode.amplitude as f32;
        turn_re[k] = (shrink * (TAU * mode.hz / rate).cos()) as f32;
        turn_im[k] = (shrink * (TAU * mode.hz / rate).sin()) as f32;
    }
    for chunk in sum.chunks_mut(CHUNK) {
        for sample in chunk {
            *sample += sum_of(im);
            for k in 0..LANES {
                let next = re[k] * turn_re[k] - im[k] * turn_im[k];
                im[k] = re[k] * turn_im[k] + im[k] * turn_re[k];
                re[k] = next;
            }
        }
        let left: f32 = re.iter().zip(im.iter()).map(|(a, b)| a.abs() + b.abs()).sum();
        if left < INAUDIBLE {
            return;
        }
    }
}

/// A short burst of noise as the felt meets the string.
fn add_hammer_noise(sum: &mut [f32], key: u8, rate: f64) {
    let mut state = 0x9E37_79B9_u32 ^ (u32::from(key) << 8);
    let level = 0.05 + 0.10 * (f32::from(key) - 21.0) / 87.0;
    let (decay, smoothing) = ((-1.0 / (0.006 * rate)).exp() as f32, 0.25 * 44_100.0 / rate as f32);
    let (mut envelope, mut low) = (level, 0.0);
    for sample in sum.iter_mut().take((0.05 * rate) as usize) {
        // Xorshift, after G. Marsaglia, "Xorshift RNGs", 2003.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let white = state as f32 / u32::MAX as f32 * 2.0 - 1.0;
        low += smoothing * (white - low);
        *sample += envelope * low;
        envelope *= decay;
    }
}

/// The blow is not sudden and the sample ends in silence.
fn shape_ends(sum: &mut [f32], key: u8, rate: f64) {
    let rise_secs = 0.0025 - 0.0018 * (f64::from(key) - 21.0) / 87.0;
    let rise = (rise_secs * rate) as usize;
    for (k, sample) in sum.iter_mut().take(rise).enumerate() {
        *sample *= (0.5 - 0.5 * (std::f64::consts::PI * k as f64 / rise as f64).cos()) as f32;
    }
    let fall = (sum.len() / 4).max(1);
    let start = sum.len() - fall;
    for (k, sample) in sum[start..].iter_mut().enumerate() {
        let left = 1.0 - k as f32 / fall as f32;
        *sample *= left * left;
    }
}

/// Level of the first part of a sound, which decides how loud it seems.
fn loudness(sum: &[f32], rate: f64) -> f32 {
    let first = &sum[..sum.len().min((0.3 * rate) as usize)];
    (first.iter().map(|s| s * s).sum::<f32>() / first.len().max(1) as f32).sqrt()
}

/// Brings every key to one level, the treble a little below it, short of clipping.
fn to_16_bits(sum: &[f32], loudness: f32, key: u8) -> Vec<i16> {
    let peak = sum.iter().fold(1e-9_f32, |p, s| p.max(s.abs()));
    let level = 0.22 * 10.0_f32.powf(-0.004 * (f32::from(key) - 60.0).max(0.0));
    let gain = (level / loudness.max(1e-9)).min(0.95 / peak) * 32_767.0;
    sum.iter().map(|s| (s * gain).round() as i16).collect()
}
