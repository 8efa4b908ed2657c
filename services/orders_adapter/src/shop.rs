//! The shop behind the adapter. It is made up: an order comes in every few seconds, and order number n is the same in every runner
//! and after every restart, because it follows from n alone. A real adapter calls the shop's API here.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// How far back the shop can be asked for orders.
const HISTORY: u64 = 2000;

#[derive(Serialize)]
pub struct Order {
    pub order_id: String,
    pub customer_id: String,
    pub placed_at: String,
    pub currency: &'static str,
    /// VAT included.
    pub total_cents: u64,
    pub lines: Vec<Line>,
}

#[derive(Serialize)]
pub struct Line {
    pub sku: &'static str,
    pub name: &'static str,
    pub quantity: u64,
    pub unit_price_cents: u64,
}

const CUSTOMERS: u64 = 5;
const PRODUCTS: [(&str, &str, u64); 6] = [
    ("COF-250", "Coffee beans, 250 g", 895),
    ("COF-1000", "Coffee beans, 1 kg", 2990),
    ("MUG-02", "Mug, stoneware", 1450),
    ("FLT-100", "Paper filters, 100 pieces", 420),
    ("GRD-HAND", "Hand grinder", 6900),
    ("KET-GOOSE", "Gooseneck kettle", 8450),
];

pub struct Shop {
    /// Seconds between two orders.
    interval: u64,
}

impl Shop {
    pub fn new(interval: u64) -> Self {
        Shop { interval: interval.max(1) }
    }

    /// The number of the latest order.
    pub fn latest(&self) -> u64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        since_epoch.as_secs() / self.interval
    }

    /// The orders in the shop's history, newest first.
    pub fn newest(&self) -> impl Iterator<Item = Order> + '_ {
        let latest = self.latest();
        (latest.saturating_sub(HISTORY - 1)..=latest).rev().map(|number| self.order(number))
    }

    pub fn by_id(&self, order_id: &str) -> Option<Order> {
        let number: u64 = order_id.strip_prefix("SO-")?.parse().ok()?;
        let latest = self.latest();
        let known = number <= latest && latest - number < HISTORY;
        known.then(|| self.order(number)).filter(|order| order.order_id == order_id)
    }

    pub fn order(&self, number: u64) -> Order {
        let mut dice = Dice(number);
        let customer_id = (1 + dice.roll(CUSTOMERS)).to_string();
        let lines: Vec<Line> = (0..1 + dice.roll(3))
            .map(|_| {
                let (sku, name, unit_price_cents) = PRODUCTS[dice.roll(PRODUCTS.len() as u64) as usize];
                Line { sku, name, quantity: 1 + dice.roll(3), unit_price_cents }
            })
            .collect();
        Order {
            order_id: format!("SO-{number}"),
            customer_id,
            placed_at: timestamp(number * self.interval),
            currency: "EUR",
            total_cents: lines.iter().map(|line| line.quantity * line.unit_price_cents).sum(),
            lines,
        }
    }
}

/// Numbers that look random and follow from the seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// Seconds since 1970 as RFC 3339 in UTC (the days by Howard Hinnant's civil_from_days).
fn timestamp(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", time / 3600, time / 60 % 60, time % 60)
}
