#![allow(clippy::unwrap_used)]

use super::*;

type Named<'a> = (&'a str, &'a [usize], Numbers<'a>);

fn file(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("weights.safetensors");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn what_was_written_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = [1.0, -0.5, 0.1, 65504.0, 0.0, 3.0];
    let small = [-128, 0, 127];
    let half: Named<'_> = ("half", &[2, 3], Numbers::Half(&numbers));
    let single: Named<'_> = ("single", &[6], Numbers::Single(&numbers));
    let bytes: Named<'_> = ("bytes", &[3, 1], Numbers::Small(&small));
    let written = write(&[half, single, bytes]).unwrap();
    assert_eq!(written, write(&[bytes, half, single]).unwrap());
    let archive = Archive::read(&file(folder.path(), &written)).unwrap();
    assert_eq!(archive.numbers("single", &[6]).unwrap(), numbers);
    // 0.1 is not exact in half precision.
    let rounded = [1.0, -0.5, 0.099_975_586, 65504.0, 0.0, 3.0];
    assert_eq!(archive.numbers("half", &[2, 3]).unwrap(), rounded);
    assert_eq!(archive.small_numbers("bytes", &[3, 1]).unwrap(), small);
    assert_eq!((archive.rows("half").unwrap(), archive.rows("bytes").unwrap()), (2, 3));
    assert_eq!(archive.into_bytes(), written);
    assert!(write(&[("short", &[7], Numbers::Single(&numbers))]).is_err());
}

/// bfloat is the upper half of a single: 0x3fc0 is 1.5.
#[test]
fn published_files_in_bfloat_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let view = TensorView::new(Dtype::BF16, vec![2], &[0xc0, 0x3f, 0x00, 0xc0]).unwrap();
    let path = file(folder.path(), &safetensors::serialize([("b", view)], None).unwrap());
    assert_eq!(Archive::read(&path).unwrap().numbers("b", &[2]).unwrap(), [1.5, -2.0]);
}

#[test]
fn what_does_not_fit_or_is_damaged_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(&[
        ("a", &[2], Numbers::Half(&[1.0, f32::INFINITY])),
        ("b", &[2], Numbers::Small(&[1, 2])),
        ("c", &[], Numbers::Single(&[1.0])),
    ]);
    let written = written.unwrap();
    let path = file(folder.path(), &written);
    let archive = Archive::read(&path).unwrap();
    let misfit = "the model's weights do not fit its settings: ";
    let says = |error: WeightsError, said: &str| {
        assert_eq!(error.what, said);
        assert_eq!(error.path, path);
    };
    says(archive.numbers("d", &[2]).unwrap_err(), &format!("{misfit}there is no `d` in them"));
    let shape = format!("{misfit}`a` has the shape [2] and should have [1, 2]");
    says(archive.numbers("a", &[1, 2]).unwrap_err(), &shape);
    says(archive.numbers("b", &[2]).unwrap_err(), &format!("{misfit}`b` has values of an unknown kind (I8)"));
    says(archive.rows("c").unwrap_err(), &format!("{misfit}`c` has no rows"));
    let damaged = "the model's weights are damaged: ";
    says(archive.numbers("a", &[2]).unwrap_err(), &format!("{damaged}some are infinite or no numbers"));
    for length in [0, 7, 100, written.len() - 1] {
        let path = file(folder.path(), &written[..length]);
        let error = Archive::read(&path).err().unwrap();
        assert!(error.what.starts_with(damaged), "{length} bytes: {error}");
    }
}
