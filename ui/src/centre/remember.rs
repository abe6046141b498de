//! How the window shows the piece goes into the project, and comes back with it.

use protocol::ViewState;

/// No more than one word to the shell in this time.
const EVERY_SECS: f64 = 1.0;

/// What the shell was told last.
#[derive(Clone, Debug, Default)]
pub struct Remember {
    told: ViewState,
    told_at_secs: Option<f64>,
}

/// What is to be done about a view.
#[derive(Clone, Debug, PartialEq)]
pub enum Due {
    /// Nothing: it has not changed.
    Nothing,
    /// It is to be told in so many seconds.
    In(f64),
    /// It is to be told now.
    Now(ViewState),
}

impl Remember {
    /// The view came from the project: the shell knows it.
    pub fn restored(&mut self, view: ViewState) {
        self.told = view;
    }

    /// Whether this view is to be told at this time; what is due now counts as told.
    pub fn due(&mut self, view: &ViewState, now_secs: f64) -> Due {
        if is_same(view, &self.told) {
            return Due::Nothing;
        }
        let since = self.told_at_secs.map_or(f64::INFINITY, |at| now_secs - at);
        if (0.0..EVERY_SECS).contains(&since) {
            return Due::In(EVERY_SECS - since);
        }
        self.told = view.clone();
        self.told_at_secs = Some(now_secs);
        Due::Now(view.clone())
    }
}

/// Whether two views look the same: a span may differ by less than anyone can see.
fn is_same(a: &ViewState, b: &ViewState) -> bool {
    let spans_agree = match (a.span_quarters, b.span_quarters) {
        (Some(a), Some(b)) => (a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-6,
        (None, None) => true,
        _ => false,
    };
    spans_agree
        && a.in_seconds == b.in_seconds
        && a.selection == b.selection
        && a.looped == b.looped
        && a.follow == b.follow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_told_once_and_at_most_once_a_second() {
        let mut remember = Remember::default();
        let view = |from| ViewState { span_quarters: Some((from, from + 8.0)), ..ViewState::default() };
        assert_eq!(remember.due(&ViewState::default(), 0.0), Due::Nothing);
        assert_eq!(remember.due(&view(0.0), 10.0), Due::Now(view(0.0)));
        assert_eq!(remember.due(&view(0.0), 10.1), Due::Nothing);
        assert!(matches!(remember.due(&view(1.0), 10.25), Due::In(secs) if (secs - 0.75).abs() < 1e-9));
        assert_eq!(remember.due(&view(2.0), 11.0), Due::Now(view(2.0)));
    }

    #[test]
    fn what_came_from_the_project_is_not_told_again() {
        let mut remember = Remember::default();
        let view = ViewState { in_seconds: true, ..ViewState::default() };
        remember.restored(view.clone());
        assert_eq!(remember.due(&view, 5.0), Due::Nothing);
    }
}
