//! Which device is requested, and how one is described. Choosing is the work of the crate `neural`.

use serde::Serialize;

/// What the user requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// A real GPU if there is one, else the CPU.
    #[default]
    Auto,
    /// The CPU, whatever there is.
    Cpu,
    /// A GPU; an error if there is none.
    Gpu,
}

/// A device, described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceInfo {
    /// Name of the adapter or of the processor.
    pub name: String,
    /// `gpu` or `cpu`.
    pub kind: &'static str,
    /// The interface: `vulkan`, `metal`, `dx12`, or `flex` on the CPU.
    pub backend: String,
}
