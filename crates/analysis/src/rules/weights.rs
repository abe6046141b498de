//! How much of each rule.

/// The strength `k` of every rule: 0 switches it off, 1 is the published amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Contrast between the written dynamics.
    pub dynamics: f64,
    /// High notes louder.
    pub high_loud: f64,
    /// Melody above accompaniment, outer above inner notes.
    pub voicing: f64,
    /// First notes of measures louder.
    pub metrical_accent: f64,
    /// Short notes shorter and softer.
    pub duration_contrast: f64,
    /// Notes far from the chord's root louder and longer.
    pub melodic_charge: f64,
    /// Chords far from the key louder and slower.
    pub harmonic_charge: f64,
    /// Arch of tempo and loudness over phrases.
    pub phrase_arch: f64,
    /// The same over sub-phrases.
    pub subphrase_arch: f64,
    /// The slowing down at the very end.
    pub final_ritard: f64,
    /// Micro-pauses between phrases.
    pub punctuation: f64,
    /// The last note under a slur shorter.
    pub slur_end: f64,
    /// Articulation marks: 0 plays every note alike.
    pub articulation: f64,
    /// Unequal eighths, long before short.
    pub inegales: f64,
    /// Swing by the tempo-dependent ratio of jazz drummers.
    pub swing: f64,
    /// Top notes a little before their chord.
    pub melody_lead: f64,
}

impl Weights {
    /// The weights with which networks are shown the rules. They stay as they are when a performer's
    /// weights are tuned: trained weights depend on the columns made with them (`features::REVISION`).
    pub const FOR_FEATURES: Self = Self {
        dynamics: 1.0,
        high_loud: 1.2,
        voicing: 2.0,
        metrical_accent: 0.3,
        duration_contrast: 2.0,
        melodic_charge: 1.5,
        harmonic_charge: 0.5,
        phrase_arch: 0.5,
        subphrase_arch: 0.4,
        final_ritard: 1.5,
        punctuation: 1.0,
        slur_end: 1.0,
        articulation: 1.0,
        inegales: 0.0,
        swing: 0.0,
        melody_lead: 1.5,
    };

    /// Every rule off: the text with its written marks, played exactly.
    pub const DEADPAN: Self = Self {
        dynamics: 1.0,
        articulation: 1.0,
        high_loud: 0.0,
        voicing: 0.0,
        metrical_accent: 0.0,
        duration_contrast: 0.0,
        melodic_charge: 0.0,
        harmonic_charge: 0.0,
        phrase_arch: 0.0,
        subphrase_arch: 0.0,
        final_ritard: 0.0,
        punctuation: 0.0,
        slur_end: 0.0,
        inegales: 0.0,
        swing: 0.0,
        melody_lead: 0.0,
    };
}
