//! Where networks run: a real GPU through wgpu when there is one, else the CPU.

use burn::tensor::Device;
use performers::PerformError;
use performers::device::{DeviceChoice, DeviceInfo};

/// A device that is ready to compute.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// For tensors.
    pub device: Device,
    /// What it is, for people.
    pub info: DeviceInfo,
}

/// No GPU that can be used.
#[derive(Debug, thiserror::Error)]
#[error("no graphics processor can be used: {0}; choose the device `cpu` or `auto`")]
pub struct NoGpu(String);

impl From<NoGpu> for PerformError {
    fn from(no_gpu: NoGpu) -> Self {
        Self::Device(no_gpu.to_string())
    }
}

/// Readies the device asked for.
pub fn choose(choice: DeviceChoice) -> Result<Chosen, NoGpu> {
    if choice == DeviceChoice::Cpu {
        return Ok(cpu());
    }
    match (gpu(), choice) {
        (Ok(gpu), _) => Ok(gpu),
        (Err(_), DeviceChoice::Auto) => Ok(cpu()),
        (Err(why), _) => Err(NoGpu(why)),
    }
}

/// The choice that leads to a device.
pub fn choice_of(device: &Device) -> DeviceChoice {
    if *device == Device::flex() { DeviceChoice::Cpu } else { DeviceChoice::Gpu }
}

/// Every device that could be chosen; the first is what `auto` takes.
pub fn list() -> Vec<DeviceInfo> {
    gpu().ok().into_iter().chain([cpu()]).map(|chosen| chosen.info).collect()
}

fn cpu() -> Chosen {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let info =
        DeviceInfo { name: format!("Processor, {threads} threads"), kind: "cpu", backend: "flex".into() };
    Chosen { device: Device::flex(), info }
}

#[cfg(not(feature = "gpu"))]
fn gpu() -> Result<Chosen, String> {
    Err("this build has no support for one".into())
}

/// The GPU, initialised once: a runtime that is up cannot be set up again.
#[cfg(feature = "gpu")]
fn gpu() -> Result<Chosen, String> {
    static FOUND: std::sync::OnceLock<Result<Chosen, String>> = std::sync::OnceLock::new();
    FOUND.get_or_init(find_gpu).clone()
}

/// Software drivers count as no GPU: the CPU backend is faster than they are. A driver that does
/// not answer within ten seconds is left alone.
#[cfg(feature = "gpu")]
fn find_gpu() -> Result<Chosen, String> {
    use burn::tensor::wgpu::wgpu::DeviceType;
    if !has_graphics_hardware() {
        return Err("this machine has none".into());
    }
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let found = Device::wgpu_options().init_with_setup().map_err(|e| e.to_string());
        send.send(found).ok();
    });
    let found = receive.recv_timeout(std::time::Duration::from_secs(10));
    let (device, setup) = found.map_err(|_| "its driver does not answer".to_owned())??;
    let adapter = setup.adapter.get_info();
    match adapter.device_type {
        DeviceType::DiscreteGpu | DeviceType::IntegratedGpu | DeviceType::VirtualGpu => {}
        DeviceType::Cpu | DeviceType::Other => return Err(format!("{} is not a real one", adapter.name)),
    }
    let backend = adapter.backend.to_string();
    Ok(Chosen { device, info: DeviceInfo { name: adapter.name, kind: "gpu", backend } })
}

/// Linux shows its graphics processors as device files (the last is Windows' for its Linux). Without
/// any, asking the drivers takes a while and makes them print complaints.
#[cfg(feature = "gpu")]
fn has_graphics_hardware() -> bool {
    let files = ["/dev/dri", "/dev/nvidia0", "/dev/kgsl-3d0", "/dev/mali0", "/dev/dxg"];
    !cfg!(target_os = "linux") || files.iter().any(|file| std::path::Path::new(file).exists())
}
