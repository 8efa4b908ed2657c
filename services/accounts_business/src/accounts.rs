//! The accounts: sample data, the same in every runner and after every restart. A real service asks its database here.

use serde::Serialize;

#[derive(Serialize)]
pub struct Customer {
    pub customer_id: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    pub segment: &'static str,
}

#[derive(Serialize)]
pub struct Account {
    pub account_id: &'static str,
    pub customer: Customer,
    pub status: &'static str,
    pub currency: &'static str,
    /// What the customer has paid in advance; negative when the customer owes.
    pub balance_cents: i64,
    pub credit_limit_cents: i64,
    pub opened_on: &'static str,
}

#[derive(Serialize)]
pub struct Movement {
    pub movement_id: &'static str,
    pub booked_on: &'static str,
    pub description: &'static str,
    pub amount_cents: i64,
}

impl Account {
    /// What the customer may still spend.
    pub fn available_cents(&self) -> i64 {
        (self.balance_cents + self.credit_limit_cents).max(0)
    }

    pub fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// The latest movements, newest first; they add up to the balance.
    pub fn movements(&self) -> &'static [Movement] {
        ACCOUNTS.iter().zip(MOVEMENTS).find(|(account, _)| account.account_id == self.account_id).map_or(&[], |(_, list)| list)
    }
}

pub fn all() -> &'static [Account] {
    &ACCOUNTS
}

pub fn by_id(account_id: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.account_id == account_id)
}

pub fn of_customer(customer_id: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.customer.customer_id == customer_id)
}

static ACCOUNTS: [Account; 5] = [
    account("AC-1001", "1", "Lucía Fernández", "lucia.fernandez@example.com", "retail", "active", 4_250, 150_000, "2021-03-09"),
    account("AC-1002", "2", "Café Aurora S.L.", "compras@aurora.example", "business", "active", -182_490, 1_000_000, "2019-11-22"),
    account("AC-1003", "3", "Martin Keller", "m.keller@example.org", "retail", "active", 0, 50_000, "2024-06-30"),
    account("AC-1004", "4", "Ana Sousa", "ana.sousa@example.com", "premium", "active", 31_900, 500_000, "2017-01-15"),
    account("AC-1005", "5", "Oak & Sons Ltd", "orders@oak.example", "business", "blocked", -96_000, 80_000, "2022-08-01"),
];

static MOVEMENTS: [&[Movement]; 5] = [
    &[
        movement("MV-50113", "2026-01-12", "Purchase", -2_750),
        movement("MV-49871", "2026-01-02", "Gift card redeemed", 5_000),
        movement("MV-47002", "2025-12-18", "Refund", 2_000),
    ],
    &[
        movement("MV-50098", "2026-01-11", "Purchase", -121_490),
        movement("MV-49650", "2025-12-30", "Transfer received", 100_000),
        movement("MV-48810", "2025-12-27", "Purchase", -161_000),
    ],
    &[
        movement("MV-50001", "2026-01-08", "Card payment received", 3_999),
        movement("MV-50000", "2026-01-08", "Purchase", -3_999),
    ],
    &[
        movement("MV-50107", "2026-01-12", "Purchase", -18_100),
        movement("MV-49002", "2025-12-28", "Transfer received", 50_000),
    ],
    &[
        movement("MV-44120", "2025-11-03", "Purchase", -66_000),
        movement("MV-43877", "2025-10-30", "Purchase", -30_000),
    ],
];

#[allow(clippy::too_many_arguments)]
const fn account(
    account_id: &'static str,
    customer_id: &'static str,
    name: &'static str,
    email: &'static str,
    segment: &'static str,
    status: &'static str,
    balance_cents: i64,
    credit_limit_cents: i64,
    opened_on: &'static str,
) -> Account {
    let customer = Customer { customer_id, name, email, segment };
    Account { account_id, customer, status, currency: "EUR", balance_cents, credit_limit_cents, opened_on }
}

const fn movement(movement_id: &'static str, booked_on: &'static str, description: &'static str, amount_cents: i64) -> Movement {
    Movement { movement_id, booked_on, description, amount_cents }
}
