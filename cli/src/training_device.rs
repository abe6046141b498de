//! Which device training runs on, also in the parts of Burn that ask nobody.

use anyhow::Result;

/// Burn puts the moments of a resumed run on its default device first, which is the graphics
/// processor even where there is none, and only the environment can change that: start again with it.
///
/// `kind` is the kind of the chosen device, `cpu` or another. Where the environment names a device
/// already this does nothing; else it returns only if the program cannot be started again.
pub fn settle_default_device(kind: &str) -> Result<()> {
    const NAME: &str = "BURN_DEVICE";
    if std::env::var_os(NAME).is_some() {
        return Ok(());
    }
    let mut again = std::process::Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1)).env(NAME, if kind == "cpu" { "flex" } else { "wgpu" });
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut again).into());
    #[cfg(not(unix))]
    std::process::exit(again.status()?.code().unwrap_or(1));
}
