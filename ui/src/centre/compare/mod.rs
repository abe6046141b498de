//! The compare view: two versions side by side over the bars of the score.
