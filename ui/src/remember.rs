//! What the window looks like and is set to goes into the project, at most once a second.

/// No more than one word to the shell in this time.
const EVERY_SECS: f64 = 1.0;

/// What the shell was told last.
#[derive(Clone, Debug, Default)]
pub struct Remember<T> {
    told: T,
    told_at_secs: Option<f64>,
}

/// What is to be done about a state.
#[derive(Clone, Debug, PartialEq)]
pub enum Due<T> {
    /// Nothing: it has not changed.
    Nothing,
    /// It is to be told in so many seconds.
    In(f64),
    /// It is to be told now.
    Now(T),
}

impl<T: Clone> Remember<T> {
    /// The state came from the project: the shell knows it.
    pub fn restored(&mut self, state: T) {
        self.told = state;
    }

    /// Whether this state is to be told at this time; what is due now counts as told. `is_same` says
    /// whether nobody could tell two states apart.
    pub fn due(&mut self, state: &T, is_same: impl FnOnce(&T, &T) -> bool, now_secs: f64) -> Due<T> {
        if is_same(state, &self.told) {
            return Due::Nothing;
        }
        let since = self.told_at_secs.map_or(f64::INFINITY, |at| now_secs - at);
        if (0.0..EVERY_SECS).contains(&since) {
            return Due::In(EVERY_SECS - since);
        }
        self.told = state.clone();
        self.told_at_secs = Some(now_secs);
        Due::Now(state.clone())
    }

    /// What was not told yet of a state, where there is no time to wait; it counts as told.
    pub fn rest(&mut self, state: &T, is_same: impl FnOnce(&T, &T) -> bool) -> Option<T> {
        if is_same(state, &self.told) {
            return None;
        }
        self.told = state.clone();
        Some(state.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_told_once_and_at_most_once_a_second() {
        let mut remember = Remember::<u32>::default();
        let same = |a: &u32, b: &u32| a == b;
        assert_eq!(remember.due(&0, same, 0.0), Due::Nothing);
        assert_eq!(remember.due(&1, same, 10.0), Due::Now(1));
        assert_eq!(remember.due(&1, same, 10.1), Due::Nothing);
        assert!(matches!(remember.due(&2, same, 10.25), Due::In(secs) if (secs - 0.75).abs() < 1e-9));
        assert_eq!(remember.due(&3, same, 11.0), Due::Now(3));
    }

    #[test]
    fn what_is_left_to_be_told_is_told_once() {
        let mut remember = Remember::<u32>::default();
        let same = |a: &u32, b: &u32| a == b;
        assert_eq!(remember.due(&1, same, 10.0), Due::Now(1));
        assert_eq!(remember.rest(&1, same), None);
        assert_eq!(remember.rest(&2, same), Some(2));
        assert_eq!(remember.due(&2, same, 20.0), Due::Nothing);
    }

    #[test]
    fn what_came_from_the_project_is_not_told_again() {
        let mut remember = Remember::default();
        remember.restored(5);
        assert_eq!(remember.due(&5, |a, b| a == b, 5.0), Due::Nothing);
    }
}
