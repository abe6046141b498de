//! Which systems there are. Of those that play, the one that plays when nobody is named stands first. A new
//! system adds itself here. The rules stand second, so that the first whose model is there and the one that
//! plays when the first's is missing are the same.

use performers::Registry;
use performers::composer::Composers;
use performers::piece::Writers;

/// Every performer.
pub fn registry() -> Registry {
    Registry::default()
        .with(pianoflow::entry())
        .with(kth_rules::entry())
        .with(pianist_transformer::entry())
        .with(cadenza::entry())
        .with(xmvae::performer::entry())
}

/// Every composer, which writes variations of bars.
pub fn composers() -> Composers {
    Composers::default().with(cadenza::variations::entry())
}

/// Every writer of pieces.
pub fn writers() -> Writers {
    Writers::default().with(xmvae::writer::entry())
}
