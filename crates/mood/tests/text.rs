//! Text encoders against others on the same weights, and what texts are read as.
//!
//! `scripts/text_torch.py` made the numbers.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use application::Folders;
use burn::tensor::Device;
use mood::text::bert::Bert;
use mood::text::table::Kind;
use mood::text::words::WordPieces;
use mood::text::{Encoder, LABELS, Reader, Reading, Source, TextError, WIDTH};
use neural::archive::Archive;
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models")
}

fn numbers(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn ids(value: &Value) -> Vec<Vec<u32>> {
    serde_json::from_value(value.clone()).unwrap()
}

fn rows(value: &Value) -> Vec<Vec<f32>> {
    serde_json::from_value(value.clone()).unwrap()
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// The folder of the text encoder.
fn encoder() -> PathBuf {
    let folder = Folders::find().text_encoder;
    let is_there = Encoder::is_in(&folder);
    assert!(is_there, "no text encoder at {} (`cargo xtask setup` fetches it)", folder.display());
    folder
}

/// Reads with the table alone.
fn by_table() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| Reader::load(&models(), None, Device::flex()).unwrap())
}

/// Reads with the encoder.
fn by_encoder() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| Reader::load(&models(), Some(&encoder()), Device::flex()).unwrap())
}

fn read(reader: &Reader, text: &str) -> Reading {
    let reading = reader.read(text).unwrap();
    assert_eq!(reading.vector.len(), WIDTH);
    let norm: f32 = reading.vector.iter().map(|v| v * v).sum();
    assert!((norm - 1.0).abs() < 1e-4, "{text}: norm {norm}");
    for value in [reading.valence, reading.arousal] {
        assert!((-1.0..=1.0).contains(&value), "{text}: {value}");
    }
    assert!((0.0..=1.0).contains(&reading.known));
    assert_eq!(reading.nearest.len(), if reading.known > 0.0 { 5 } else { 0 });
    reading
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn a_small_bert_equals_its_twin() {
    let folder = fixtures().join("bert");
    let numbers = numbers(&folder.join("numbers.json"));
    let bert = Bert::load(&folder, &Device::flex()).unwrap();
    let found = bert.embed(&ids(&numbers["texts"])).unwrap();
    for (found, expected) in found.iter().zip(rows(&numbers["vectors"])) {
        let worst = largest_difference(found, &expected);
        assert!(worst < 1e-5, "they differ by {worst}");
    }
    assert!(matches!(bert.embed(&[vec![2, 40]]), Err(TextError::Tokens)));
    assert!(matches!(bert.embed(&[vec![2], vec![]]), Err(TextError::Tokens)));
    assert!(matches!(bert.embed(&[vec![2; 13]]), Err(TextError::TooLong { found: 13, most: 12 })));
    assert!(bert.embed(&[]).unwrap().is_empty());
}

#[test]
#[ignore = "needs the text encoder"]
fn texts_are_cut_as_the_published_tokenizer_cuts_them_needs_encoder() {
    let folder = encoder();
    let numbers = numbers(&fixtures().join("minilm.json"));
    let pieces = WordPieces::load(&folder.join("tokenizer.json")).unwrap();
    let sentences: Vec<String> = serde_json::from_value(numbers["sentences"].clone()).unwrap();
    assert_eq!(sentences.len(), 50);
    for (text, expected) in sentences.iter().zip(ids(&numbers["ids"])) {
        assert_eq!(pieces.ids(text), expected, "{text}");
    }
}

/// The weights are stored in half precision, the package has single: so not to rounding.
#[test]
#[ignore = "needs the text encoder"]
fn fifty_sentences_equal_the_python_package_needs_encoder() {
    let folder = encoder();
    let encoder = Encoder::load(&folder, &Device::flex()).unwrap();
    let numbers = numbers(&fixtures().join("minilm.json"));
    let path = fixtures().join("minilm.safetensors");
    let expected = Archive::read(&path).unwrap().numbers("vectors", &[50, WIDTH]).unwrap();
    let sentences: Vec<String> = serde_json::from_value(numbers["sentences"].clone()).unwrap();
    let texts: Vec<&str> = sentences.iter().map(String::as_str).collect();
    let together = encoder.embed(&texts).unwrap().concat();
    let worst = largest_difference(&together, &expected);
    println!("largest difference {worst:.2e}");
    assert!(worst < 1e-3, "they differ by {worst}");
    let alone: Vec<f32> = texts.iter().flat_map(|text| encoder.embed(&[text]).unwrap()).flatten().collect();
    let worst = largest_difference(&together, &alone);
    assert!(worst < 1e-5, "padding changes a text by {worst}");
}

#[test]
fn feelings_are_read() {
    check_feelings_are_read(by_table());
}

fn check_feelings_are_read(reader: &Reader) {
    let feel = |text: &str| {
        let reading = read(reader, text);
        println!("{:?} {text}: {:.2} {:.2}", reader.source(), reading.valence, reading.arousal);
        (reading.valence, reading.arousal)
    };
    assert!(feel("thunderstorms and lightning").1 > 0.0);
    assert!(feel("calm").1 < 0.0);
    assert!(feel("sad").0 < -0.3);
    assert!(feel("happy").0 > 0.3 && feel("happy").1 > 0.0);
    assert!(feel("melancholic").0 < 0.0);
    assert!(feel("con fuoco").1 > feel("sehr ruhig").1 + 0.3);
    assert!(feel("a slow, sad song in the rain").0 < -0.1);
    assert!(feel("Furious and WILD!").1 > 0.2);
    assert!(feel("träumerisch").1 < 0.0);
    // What is denied is not what is said.
    assert!(feel("not sad").0 > feel("sad").0 + 0.3);
    assert!(feel("I don't feel happy").0 < 0.0);
    // A word between is not lost.
    assert_eq!(read(reader, "not xqzzt sad").unknown, ["xqzzt"]);
    assert!(feel("without anger").1 < feel("anger").1);
}

#[test]
fn a_known_word_has_its_own_values() {
    check_a_known_word_has_its_own_values(by_table());
}

fn check_a_known_word_has_its_own_values(reader: &Reader) {
    let entries = reader.table().entries();
    for entry in entries.iter().filter(|e| !e.word.contains([' ', '\'', '-'])).step_by(97) {
        let reading = read(reader, &entry.word);
        let told = (reading.valence, reading.arousal, reading.known);
        assert_eq!(told, (entry.valence, entry.arousal, 1.0), "{}", entry.word);
        assert!(reading.unknown.is_empty());
    }
}

#[test]
#[ignore = "needs the text encoder"]
fn the_table_reads_known_words_as_the_encoder_does_needs_encoder() {
    let encoder = by_encoder();
    let entries = by_table().table().entries();
    let words = entries.iter().filter(|e| e.kind != Kind::Label && !e.word.contains([' ', '\'', '-']));
    for entry in words.step_by(149) {
        let (a, b) = (read(by_table(), &entry.word), read(encoder, &entry.word));
        let cosine = cosine(&a.vector, &b.vector);
        assert!(cosine > 0.995, "{}: {cosine}", entry.word);
        assert!(b.nearest[0].1 > 0.99, "{}: {:?}", entry.word, b.nearest);
    }
    let phrase = "a gentle song, sad and slow";
    let cosine = cosine(&read(by_table(), phrase).vector, &read(encoder, phrase).vector);
    assert!(cosine > 0.6, "{phrase}: {cosine}");
}

#[test]
fn unknown_words_are_named() {
    check_unknown_words_are_named(by_table());
}

fn check_unknown_words_are_named(reader: &Reader) {
    let reading = read(reader, "a sad Flörbish, with xqzzt");
    assert_eq!(reading.unknown, ["Flörbish", "xqzzt"]);
    assert!(reading.known < 0.5 && reading.valence < -0.1, "{reading:?}");
    let reading = read(reader, "florbish");
    assert_eq!((reading.unknown.len(), reading.known), (1, 0.0));
    assert_eq!((reading.valence, reading.arousal), (0.0, 0.0));
}

#[test]
#[ignore = "needs the text encoder"]
fn common_words_need_not_be_in_the_table_needs_encoder() {
    assert_eq!(read(by_table(), "municipal").unknown, ["municipal"]);
    let reading = read(by_encoder(), "municipal");
    assert!(reading.unknown.is_empty() && reading.known > 0.3, "{reading:?}");
}

#[test]
fn terms_are_read_by_their_meaning() {
    check_terms_are_read_by_their_meaning(by_table());
}

fn check_terms_are_read_by_their_meaning(reader: &Reader) {
    let near = |a: &str, b: &str| cosine(&read(reader, a).vector, &read(reader, b).vector);
    assert!(near("leidenschaftlich", "passionate") > near("leidenschaftlich", "calm") + 0.2);
    assert!(near("Tranquillo", "calm") > near("Tranquillo", "angry") + 0.2);
    assert!(near("very fast and più mosso", "rapidly") > near("very fast and più mosso", "sleepy"));
}

#[test]
fn empty_and_endless_texts_are_refused() {
    check_empty_and_endless_texts_are_refused(by_table());
}

fn check_empty_and_endless_texts_are_refused(reader: &Reader) {
    for empty in ["", "  \n", "?!", "…"] {
        assert!(matches!(reader.read(empty), Err(TextError::Empty)), "{empty:?}");
    }
    assert!(matches!(reader.read(&"sad ".repeat(501)), Err(TextError::TooLong { .. })));
    assert!(reader.read(&"a sad song ".repeat(20)).is_ok());
    assert!(reader.read(&"日".repeat(40)).is_ok() && reader.read(&"é".repeat(2000)).is_ok());
    // Only grammar: nothing is said, and nothing is unknown.
    let reading = read(reader, "it is a piece");
    assert!(reading.known == 0.0 && reading.unknown.is_empty());
}

#[test]
fn the_same_text_reads_the_same() {
    check_the_same_text_reads_the_same(by_table());
}

fn check_the_same_text_reads_the_same(reader: &Reader) {
    let text = "stormy, then calm; not too sad";
    assert_eq!(reader.read(text).unwrap(), reader.read(text).unwrap());
    assert_eq!(reader.embed(&[text, "sad"]).unwrap().len(), 2);
}

#[test]
fn labels_are_there() {
    let rows = mood::text::label_embeddings(&models()).unwrap();
    assert_eq!((rows.len(), rows[0].len()), (LABELS, WIDTH));
    let entries = by_table().table().entries();
    assert!(entries[..LABELS].iter().all(|e| e.kind == Kind::Label));
    assert_eq!((entries[0].word.as_str(), entries[LABELS - 1].word.as_str()), ("melancholic", "anger"));
    for (place, row) in rows.iter().enumerate() {
        assert!(cosine(row, by_table().table().vector(place)) > 0.999);
    }
    let bytes = ["words.tsv", "vectors.safetensors", "labels.safetensors"]
        .map(|name| std::fs::metadata(models().join("text").join(name)).unwrap().len());
    assert!(bytes.iter().sum::<u64>() <= 3_000_000, "{bytes:?}");
}

#[test]
fn readers_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(by_table());
}

#[test]
fn without_an_encoder_the_table_reads() {
    let nowhere = Reader::load(&models(), Some(Path::new("no/such/folder")), Device::flex()).unwrap();
    assert_eq!(nowhere.source(), Source::Table);
}

#[test]
fn where_the_encoder_is_broken_the_table_reads_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Reader::load(&models(), None, Device::flex()).unwrap();
    assert!(whole.trouble().is_none());
    std::fs::write(folder.path().join("config.json"), "{").unwrap();
    std::fs::write(folder.path().join("model.safetensors"), "").unwrap();
    std::fs::write(folder.path().join("vocab.txt"), "").unwrap();
    let broken = Reader::load(&models(), Some(folder.path()), Device::flex()).unwrap();
    assert_eq!(broken.source(), Source::Table);
    assert!(broken.trouble().unwrap().to_string().contains("damaged"));
    assert_eq!(broken.read("calm").unwrap(), whole.read("calm").unwrap());
}

/// A copy of a small encoder, to be broken.
fn copy_of(name: &str, test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("espressivo-text-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["config.json", "model.safetensors"] {
        std::fs::copy(fixtures().join(name).join(file), folder.join(file)).unwrap();
    }
    folder
}

#[test]
fn broken_files_are_named() {
    let folder = copy_of("bert", "bert");
    let fails = |said: &str| {
        let error = Bert::load(&folder, &Device::flex()).err().unwrap().to_string();
        assert!(error.contains(said) && error.contains("espressivo-text-bert"), "{error}");
    };
    let config = std::fs::read_to_string(folder.join("config.json")).unwrap();
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    let write = |config: &str| std::fs::write(folder.join("config.json"), config).unwrap();
    write(&config.replace("\"gelu\"", "\"relu\""));
    fails("`relu`");
    write(&config.replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 5"));
    fails("impossible sizes");
    write(&config.replace("\"vocab_size\": 40", "\"vocab_size\": 41"));
    fails("word_embeddings");
    write(&config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
    fails("there is no `encoder.layer.2");
    write(&config[..20]);
    fails("damaged");
    write(&config);
    for length in [0, 7, 100, weights.len() - 1] {
        std::fs::write(folder.join("model.safetensors"), &weights[..length]).unwrap();
        fails("damaged");
    }
    std::fs::remove_file(folder.join("model.safetensors")).unwrap();
    fails("cannot be read");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn missing_and_broken_tables_are_named() {
    let error = Reader::load(Path::new("no/such/models"), None, Device::flex()).err().unwrap();
    assert!(error.to_string().contains("words.tsv"), "{error}");
    let folder = std::env::temp_dir().join(format!("espressivo-text-table-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("text")).unwrap();
    for name in ["words.tsv", "vectors.safetensors"] {
        std::fs::copy(models().join("text").join(name), folder.join("text").join(name)).unwrap();
    }
    let words = std::fs::read_to_string(folder.join("text/words.tsv")).unwrap();
    let cut: String = words.lines().skip(1).map(|line| format!("{line}\n")).collect();
    std::fs::write(folder.join("text/words.tsv"), cut).unwrap();
    let error = Reader::load(&folder, None, Device::flex()).err().unwrap().to_string();
    assert!(error.contains("`codes` has the shape"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
#[ignore = "needs the text encoder"]
fn the_encoder_reads_as_well_as_the_table_needs_encoder() {
    let reader = by_encoder();
    check_feelings_are_read(reader);
    check_a_known_word_has_its_own_values(reader);
    check_unknown_words_are_named(reader);
    check_terms_are_read_by_their_meaning(reader);
    check_empty_and_endless_texts_are_refused(reader);
    check_the_same_text_reads_the_same(reader);
}
