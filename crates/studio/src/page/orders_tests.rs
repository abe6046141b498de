#![allow(clippy::unwrap_used)]

use super::*;

fn key(score: u32, width_spaces: f32) -> PageKey {
    PageKey { score: ScoreId(score), width_spaces }
}

fn order(key: PageKey) -> PageOrder {
    PageOrder { key, written: Arc::new(Score::default()) }
}

fn drawing(page: PageKey, system: u32, pixels_per_space: f32) -> Drawing {
    Drawing { page, system, pixels_per_space }
}

/// What waits, in order; nothing may be left to wait for.
fn drawings(orders: &Orders, number: u64) -> Vec<(u32, f32)> {
    std::iter::from_fn(|| orders.next_drawing(number, |_| true))
        .map(|d| (d.system, d.pixels_per_space))
        .collect()
}

fn begun(orders: &Orders) -> (PageKey, u64) {
    match orders.next() {
        Order::Page(page, number) => (page.key, number),
        _ => panic!("a page is asked for"),
    }
}

#[test]
fn only_the_last_page_counts() {
    let orders = Orders::default();
    orders.show(order(key(0, 80.0)));
    let (_, first) = begun(&orders);
    orders.show(order(key(0, 90.0)));
    orders.show(order(key(0, 100.0)));
    assert!(!orders.is_current(first), "it is given up");
    let (page, number) = begun(&orders);
    assert_eq!(page, key(0, 100.0));
    assert!(orders.is_current(number));
    // The same page is told again, and goes on being engraved.
    orders.show(order(page));
    assert!(orders.is_current(number));
    assert_eq!(begun(&orders), (page, number));
}

#[test]
fn drawings_come_in_order_and_those_of_the_newest_scale_first() {
    let orders = Orders::default();
    let page = key(0, 80.0);
    orders.show(order(page));
    let (_, number) = begun(&orders);
    for (system, scale) in [(0, 8.0), (1, 8.0), (2, 8.0), (1, 8.0)] {
        orders.draw(drawing(page, system, scale));
    }
    for (system, scale) in [(2, 12.0), (3, 12.0)] {
        orders.draw(drawing(page, system, scale));
    }
    orders.draw(drawing(key(0, 90.0), 7, 8.0));
    assert_eq!(drawings(&orders, number), [(2, 12.0), (3, 12.0), (0, 8.0), (1, 8.0)]);
    assert_eq!(drawings(&orders, number), []);
}

#[test]
fn another_page_has_other_drawings() {
    let orders = Orders::default();
    orders.show(order(key(0, 80.0)));
    let (page, number) = begun(&orders);
    orders.draw(drawing(page, 0, 8.0));
    orders.show(order(key(1, 80.0)));
    assert_eq!(drawings(&orders, number), []);
    let (_, number) = begun(&orders);
    assert_eq!(drawings(&orders, number), []);
}

#[test]
fn nothing_is_told_of_what_was_forgotten() {
    let orders = Orders::default();
    orders.show(order(key(0, 80.0)));
    let (page, number) = begun(&orders);
    orders.draw(drawing(page, 0, 8.0));
    orders.forget();
    orders.tell(number, || panic!("the document is closed"));
    orders.draw(drawing(page, 0, 8.0));
    assert!(matches!(orders.next(), Order::Forget));
    // The same score of another document is another page.
    orders.show(order(page));
    let (_, again) = begun(&orders);
    assert_ne!(again, number);
    let mut told = false;
    orders.tell(again, || told = true);
    assert!(told);
    orders.end();
    assert!(matches!(orders.next(), Order::End));
    assert!(!orders.is_current(again));
}

#[test]
fn a_system_that_is_not_there_yet_goes_on_waiting() {
    let orders = Orders::default();
    let page = key(0, 80.0);
    orders.show(order(page));
    let (_, number) = begun(&orders);
    orders.draw(drawing(page, 4, 8.0));
    orders.draw(drawing(page, 1, 8.0));
    let first = orders.next_drawing(number, |system| system < 3);
    assert_eq!(first.map(|drawing| drawing.system), Some(1));
    assert_eq!(orders.next_drawing(number, |system| system < 3), None);
    assert_eq!(drawings(&orders, number), [(4, 8.0)]);
}

#[test]
fn whoever_waits_for_a_page_gets_it_or_nothing() {
    let orders = Orders::default();
    let page = key(0, 80.0);
    let wait = |page: PageKey| {
        let (reply, systems) = std::sync::mpsc::channel();
        orders.give(Wanted { page, reply });
        systems
    };
    assert!(wait(page).recv().is_err(), "no page was asked for");
    orders.show(order(page));
    let systems = wait(page);
    begun(&orders);
    let Order::Give(wanted) = orders.next() else { panic!("somebody waits") };
    assert_eq!(wanted.page, page);
    wanted.reply.send(Vec::new()).unwrap();
    assert!(systems.recv().is_ok());
    let systems = wait(page);
    orders.show(order(key(0, 90.0)));
    assert!(systems.recv().is_err(), "another page was asked for");
}
