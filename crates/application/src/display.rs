//! Whether a window can open.

#[cfg(target_os = "linux")]
use std::path::Path;

/// Why no window can open; none if one can.
#[cfg(target_os = "linux")]
pub fn obstacle() -> Option<String> {
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let (wayland, x11) = (variable("WAYLAND_DISPLAY"), variable("DISPLAY"));
    if wayland.is_none() && x11.is_none() {
        return Some("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)".into());
    }
    let runtime = variable("XDG_RUNTIME_DIR").unwrap_or_default();
    if wayland.as_ref().is_some_and(|name| Path::new(&runtime).join(name).exists())
        || x11.as_ref().is_some_and(|name| x11_answers(name))
    {
        return None;
    }
    let names = [wayland, x11].into_iter().flatten().collect::<Vec<_>>().join(" and ");
    Some(format!("the display {names} does not answer"))
}

/// Other systems always have a display.
#[cfg(not(target_os = "linux"))]
pub fn obstacle() -> Option<String> {
    None
}

/// Whether an X server listens; one on another machine is believed to.
#[cfg(target_os = "linux")]
fn x11_answers(display: &str) -> bool {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixStream};
    let Some(number) = display.strip_prefix(':').or_else(|| display.strip_prefix("unix:")) else {
        return true;
    };
    let number = number.split('.').next().unwrap_or_default();
    let path = format!("/tmp/.X11-unix/X{number}");
    let abstract_name = SocketAddr::from_abstract_name(path.as_bytes());
    UnixStream::connect(&path).is_ok()
        || abstract_name.is_ok_and(|name| UnixStream::connect_addr(&name).is_ok())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_display_that_nobody_serves_does_not_answer() {
        assert!(!x11_answers(":64999"));
        assert!(!x11_answers(":64999.0"));
        assert!(x11_answers("elsewhere:0"));
    }
}
