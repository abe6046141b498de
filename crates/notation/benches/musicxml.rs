//! Speed of the importer.
fn main() {}
