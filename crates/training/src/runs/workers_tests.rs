#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Barrier;

use super::*;

#[test]
fn workers_answer_in_their_order() {
    for count in [1, 2, 5] {
        let workers = Workers::new(count).unwrap();
        assert_eq!(workers.count(), count);
        let squares = workers.each(&|worker| worker * worker).unwrap();
        assert!(squares.into_iter().eq((0..count).map(|worker| worker * worker)));
    }
    assert!(Workers::new(0).is_err());
}

#[test]
fn several_workers_compute_side_by_side() {
    // None of them goes on before all are there.
    let barrier = Barrier::new(3);
    let threads = Workers::new(3).unwrap().each(&|_| {
        barrier.wait();
        format!("{:?}", thread::current().id())
    });
    assert_eq!(threads.unwrap().into_iter().collect::<BTreeSet<_>>().len(), 3);
}

#[test]
fn a_panic_of_a_worker_ends_the_step_with_its_message() {
    for (count, guilty) in [(1, 0), (3, 1)] {
        let workers = Workers::new(count).unwrap();
        let job = |worker: usize| {
            assert!(worker != guilty, "window {worker} is empty");
            worker
        };
        let error = workers.each(&job).unwrap_err().to_string();
        assert_eq!(error, format!("worker {} panicked: window {guilty} is empty", guilty + 1));
        // The threads are still there.
        assert_eq!(workers.each(&|worker| worker).unwrap().len(), count);
    }
}

#[test]
fn a_panic_without_a_format_has_its_message_too() {
    let error = Workers::new(1).unwrap().each::<()>(&|_| panic!("no memory")).unwrap_err();
    assert_eq!(error.to_string(), "worker 1 panicked: no memory");
}
