//! Where a new window goes: as large as the one that was used last, a little to the right of and below it.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Manager, WebviewWindow, WebviewWindowBuilder};

/// How far a new window is moved, in logical pixels, right and down.
const STEP: f64 = 32.0;

/// A window or a screen in logical pixels. A window's size is without its frame.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Makes windows one after the other, so that each finds the one before it.
#[derive(Default)]
pub struct Cascade {
    /// The window that was made last, by its label, and where: the desktop reports it later.
    last: Mutex<Option<(String, Place)>>,
}

impl Cascade {
    /// Makes a window like the first one, beside the first of the others that is there.
    ///
    /// # Errors
    /// If the desktop or the web engine does not make one.
    pub fn show(&self, app: &AppHandle, label: &str, others: &[String]) -> tauri::Result<()> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mut config = app.config().app.windows.first().cloned().unwrap_or_default();
        config.label = label.to_owned();
        let usual = (config.width, config.height);
        let place = others.iter().find_map(|other| {
            let window = app.get_webview_window(other)?;
            let made = last.as_ref().filter(|(made, _)| made == other).map(|(_, place)| *place);
            beside(&window, made, usual)
        });
        if let Some(place) = place {
            (config.width, config.height, config.center) = (place.width, place.height, false);
            (config.x, config.y) = (Some(place.x), Some(place.y));
            *last = Some((label.to_owned(), place));
        }
        WebviewWindowBuilder::from_config(app, &config)?.build()?;
        Ok(())
    }
}

/// The place beside a window, or in the middle of its screen where it fills that; none if neither
/// its place nor the place where it was made is known.
fn beside(window: &WebviewWindow, made: Option<Place>, usual: (f64, f64)) -> Option<Place> {
    let primary = || window.primary_monitor().ok().flatten();
    let monitor = window.current_monitor().ok().flatten().or_else(primary)?;
    let (scale, area) = (monitor.scale_factor(), monitor.work_area());
    let (at, size) = (area.position.to_logical::<f64>(scale), area.size.to_logical::<f64>(scale));
    let screen = Place { x: at.x, y: at.y, width: size.width, height: size.height };
    if window.is_maximized().ok()? || window.is_fullscreen().ok()? {
        return Some(centred(usual, screen));
    }
    let scale = window.scale_factor().ok()?;
    let at = window.outer_position().ok()?.to_logical::<f64>(scale);
    let outer = window.outer_size().ok()?.to_logical::<f64>(scale);
    let inner = window.inner_size().ok()?.to_logical::<f64>(scale);
    let is_there = inner.width >= 1.0 && inner.height >= 1.0;
    let told = Place { x: at.x, y: at.y, width: inner.width, height: inner.height };
    let place = if is_there { told } else { made? };
    let frame = [outer.width - inner.width, outer.height - inner.height];
    Some(cascaded(place, frame.map(|length| length.max(0.0)), screen))
}

/// One step right and down; from the edge of the screen on the other side again. No larger than the screen.
fn cascaded(window: Place, frame: [f64; 2], screen: Place) -> Place {
    let step = |at: f64, length: f64, from: f64, whole: f64| {
        let next = at + STEP;
        let is_on_screen = next >= from && next + length <= from + whole;
        if is_on_screen { next } else { from }
    };
    let [beside, above] = frame;
    let width = window.width.min(screen.width - beside);
    let height = window.height.min(screen.height - above);
    Place {
        x: step(window.x, width + beside, screen.x, screen.width),
        y: step(window.y, height + above, screen.y, screen.height),
        width,
        height,
    }
}

/// A size in the middle of a screen, and no larger than that.
fn centred((width, height): (f64, f64), screen: Place) -> Place {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    let (x, y) = (screen.x + (screen.width - width) / 2.0, screen.y + (screen.height - height) / 2.0);
    Place { x, y, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Place = Place { x: 1920.0, y: 30.0, width: 1920.0, height: 1050.0 };

    fn is_on_screen(place: Place, frame: [f64; 2]) -> bool {
        let (right, bottom) = (SCREEN.x + SCREEN.width, SCREEN.y + SCREEN.height);
        place.x >= SCREEN.x
            && place.y >= SCREEN.y
            && place.x + place.width + frame[0] <= right
            && place.y + place.height + frame[1] <= bottom
    }

    #[test]
    fn windows_cascade_and_stay_on_their_screen() {
        let frame = [10.0, 40.0];
        let mut window = Place { x: 2240.0, y: 140.0, width: 1280.0, height: 800.0 };
        for k in 1..50 {
            let next = cascaded(window, frame, SCREEN);
            assert_ne!((next.x, next.y), (window.x, window.y), "window {k}");
            assert!(is_on_screen(next, frame), "{next:?}");
            window = next;
        }
        assert_eq!((window.width, window.height), (1280.0, 800.0));
    }

    #[test]
    fn beside_a_window_that_leaves_its_screen_or_is_larger_a_new_one_does_not() {
        let frame = [0.0, 30.0];
        for (x, y, width, height) in [
            (1700.0, -60.0, 1280.0, 800.0),
            (3700.0, 1000.0, 1280.0, 800.0),
            (1900.0, 0.0, 4000.0, 3000.0),
            (5000.0, 5000.0, 720.0, 480.0),
        ] {
            let next = cascaded(Place { x, y, width, height }, frame, SCREEN);
            assert!(is_on_screen(next, frame), "{next:?}");
        }
        assert!(is_on_screen(centred((1280.0, 800.0), SCREEN), [0.0; 2]));
        assert!(is_on_screen(centred((4000.0, 800.0), SCREEN), [0.0; 2]));
    }
}
