#![allow(clippy::unwrap_used)]

use std::sync::atomic::AtomicU32;
use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;

#[test]
fn a_piano_is_loaded_once_and_again_when_there_are_others() {
    let piano = Piano::generated().unwrap();
    let count = Arc::new(AtomicU32::new(0));
    let counted = count.clone();
    let find: FindPiano = Arc::new(move |_: &WantedPiano, _: &Loading<'_>| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok((piano.clone(), vec!["another".to_owned()]))
    });
    let pianos = Pianos::new(find);
    let skipped = || pianos.find(&WantedPiano::Best, &|_| ()).unwrap().1.len();
    assert_eq!([skipped(), skipped()], [1, 0]);
    assert_eq!(count.load(Ordering::Relaxed), 1);
    assert!(pianos.is_wanted(&WantedPiano::Best) && !pianos.is_wanted(&WantedPiano::Generated));
    pianos.forget();
    skipped();
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[test]
fn who_comes_later_plays_early_too_and_who_wants_another_ends_it() {
    let piano = Piano::generated().unwrap();
    let find: FindPiano = Arc::new(move |wanted: &WantedPiano, loading: &Loading<'_>| {
        if *wanted == WantedPiano::Generated {
            return Ok((piano.clone(), Vec::new()));
        }
        (loading.early.unwrap())(piano.clone());
        while !loading.cancel.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
        Err("cancelled".to_owned())
    });
    let pianos = Pianos::new(find);
    let sampled = WantedPiano::Sampled(None);
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        let first = tell.clone();
        let loads = scope.spawn(|| pianos.find(&sampled, &move |piano| first.send(piano).unwrap()).is_err());
        told.recv().unwrap();
        let second = tell.clone();
        let waits = scope.spawn(|| pianos.find(&sampled, &move |piano| second.send(piano).unwrap()).is_err());
        told.recv().unwrap();
        assert!(pianos.find(&WantedPiano::Generated, &|_| ()).is_ok());
        assert!(loads.join().unwrap() && waits.join().unwrap());
    });
    assert!(!pianos.is_wanted(&sampled));
}
