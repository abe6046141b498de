//! For want of which addition something was not done, told by the words that say so.

use protocol::Addition;

/// How the words begin that say that a recording of sound was not read for want of the transcriber.
pub const NO_TRANSCRIBER: &str = "what hears the notes of a recording of sound is not on this computer";

/// What something was not done for want of, by the words that say why.
pub fn lacking(why: &str) -> Option<Addition> {
    why.starts_with(NO_TRANSCRIBER).then_some(Addition::Transcriber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_told_by_the_words() {
        assert_eq!(lacking(&format!("{NO_TRANSCRIBER}: /a.mp3")), Some(Addition::Transcriber));
        assert_eq!(lacking("cannot read the recording"), None);
    }
}
