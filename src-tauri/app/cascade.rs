//! Where a new window goes: as large as the one that was used last, a little to the right of and below it.

use tauri::{AppHandle, Manager, WebviewWindow, WebviewWindowBuilder};

/// How far a new window is moved, in logical pixels, right and down.
const STEP: f64 = 32.0;

/// A window or a screen in logical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Makes a window like the first one, beside another one.
///
/// # Errors
/// If the desktop or the web engine does not make one.
pub fn show(app: &AppHandle, label: &str, near: Option<&str>) -> tauri::Result<()> {
    let mut config = app.config().app.windows.first().cloned().unwrap_or_default();
    config.label = label.to_owned();
    let near = near.and_then(|label| app.get_webview_window(label));
    if let Some(Place { x, y, width, height }) = near.as_ref().and_then(beside) {
        (config.width, config.height, config.center) = (width, height, false);
        (config.x, config.y) = (Some(x), Some(y));
    }
    WebviewWindowBuilder::from_config(app, &config)?.build()?;
    Ok(())
}

/// The place beside a window; none if it fills its screen or the desktop does not say where it is.
fn beside(window: &WebviewWindow) -> Option<Place> {
    if window.is_maximized().ok()? || window.is_fullscreen().ok()? {
        return None;
    }
    let scale = window.scale_factor().ok()?;
    let at = window.outer_position().ok()?.to_logical::<f64>(scale);
    let size = window.inner_size().ok()?.to_logical::<f64>(scale);
    let place = Place { x: at.x, y: at.y, width: size.width, height: size.height };
    let monitor = window.current_monitor().ok()??;
    let (at, size) = (monitor.position().to_logical::<f64>(scale), monitor.size().to_logical::<f64>(scale));
    Some(cascaded(place, Place { x: at.x, y: at.y, width: size.width, height: size.height }))
}

/// One step right and down; from the edge of the screen on the other side again.
fn cascaded(window: Place, screen: Place) -> Place {
    let step = |at: f64, length: f64, from: f64, whole: f64| {
        let next = at + STEP;
        if next + length > from + whole { from } else { next }
    };
    Place {
        x: step(window.x, window.width, screen.x, screen.width),
        y: step(window.y, window.height, screen.y, screen.height),
        ..window
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cascade_and_stay_on_their_screen() {
        let screen = Place { x: 1920.0, y: 0.0, width: 1920.0, height: 1080.0 };
        let mut window = Place { x: 2240.0, y: 140.0, width: 1280.0, height: 800.0 };
        for k in 1..50 {
            let next = cascaded(window, screen);
            assert_ne!((next.x, next.y), (window.x, window.y), "window {k}");
            assert!(next.x >= 1920.0 && next.x + next.width <= 3840.0, "{next:?}");
            assert!(next.y >= 0.0 && next.y + next.height <= 1080.0, "{next:?}");
            window = next;
        }
        assert_eq!((window.width, window.height), (1280.0, 800.0));
    }
}
