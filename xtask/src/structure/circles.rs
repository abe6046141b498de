//! Files that use one another in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::modules::Edge;

/// Groups of files in which every file uses every other one, be it by way of others; each with the
/// edges inside it, one for each pair of files.
pub fn circles(edges: &BTreeSet<Edge>) -> Vec<Vec<&Edge>> {
    let mut next: BTreeMap<&Path, BTreeMap<&Path, &Edge>> = BTreeMap::new();
    for edge in edges {
        next.entry(&edge.from).or_default().entry(&edge.to).or_insert(edge);
    }
    let reached: BTreeMap<&Path, BTreeSet<&Path>> =
        next.keys().map(|file| (*file, reach(file, &next))).collect();
    let is_mutual = |a: &Path, b: &Path| {
        reached.get(a).is_some_and(|r| r.contains(b)) && reached.get(b).is_some_and(|r| r.contains(a))
    };
    let mut found: Vec<Vec<&Edge>> = Vec::new();
    let mut seen: BTreeSet<&Path> = BTreeSet::new();
    for file in reached.keys().copied().filter(|file| is_mutual(file, file)) {
        if seen.contains(file) {
            continue;
        }
        let group: BTreeSet<&Path> = reached.keys().copied().filter(|other| is_mutual(file, other)).collect();
        let inside = group.iter().flat_map(|from| next[from].values().filter(|e| group.contains(&*e.to)));
        found.push(inside.copied().collect());
        seen.extend(group);
    }
    found
}

/// All files that can be come to from a file, itself only by way of others.
fn reach<'a>(from: &Path, next: &BTreeMap<&'a Path, BTreeMap<&'a Path, &Edge>>) -> BTreeSet<&'a Path> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for to in next.get(file).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(*to) {
                open.push(to);
            }
        }
    }
    reached
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    fn edges(pairs: &[(&str, &str)]) -> BTreeSet<Edge> {
        let edge = |(from, to): &(&str, &str)| Edge { from: from.into(), to: to.into(), what: "x".into() };
        pairs.iter().map(edge).collect()
    }

    #[test]
    fn a_chain_is_no_circle() {
        assert!(circles(&edges(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    }

    #[test]
    fn each_group_is_one_circle() {
        let edges =
            edges(&[("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "c"), ("f", "a")]);
        let found = circles(&edges);
        let shown: Vec<Vec<_>> = found
            .iter()
            .map(|c| c.iter().map(|e| format!("{} {}", e.from.display(), e.to.display())).collect())
            .collect();
        assert_eq!(shown, [vec!["a b", "b a"], vec!["c d", "d e", "e c"]]);
    }
}
