use super::*;

/// FNV-1a of an empty text and of `foobar`, from its authors' tables.
#[test]
fn fingerprints_are_those_of_the_published_tables() {
    assert_eq!(fingerprint(b""), "cbf29ce484222325");
    assert_eq!(fingerprint(b"foobar"), "85944171f73967e8");
}
