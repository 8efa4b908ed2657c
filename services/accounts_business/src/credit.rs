//! The business rule: may this customer spend that much?

use serde::{Deserialize, Serialize};

use crate::accounts::Account;

/// The largest amount that is decided by rule; above, a person decides.
const MAX_AMOUNT_CENTS: i64 = 100_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditCheck {
    pub customer_id: String,
    pub amount_cents: i64,
}

#[derive(Serialize)]
pub struct CreditDecision {
    pub customer_id: String,
    pub amount_cents: i64,
    pub available_cents: i64,
    pub approved: bool,
    pub reason: &'static str,
}

impl CreditCheck {
    /// What is wrong with the question itself, if anything.
    pub fn violation(&self) -> Option<String> {
        let valid = (1..=MAX_AMOUNT_CENTS).contains(&self.amount_cents);
        (!valid).then(|| format!("amount_cents: a whole number from 1 to {MAX_AMOUNT_CENTS} expected"))
    }

    pub fn decide(self, account: &Account) -> CreditDecision {
        let available_cents = account.available_cents();
        let (approved, reason) = if !account.is_active() {
            (false, "account_blocked")
        } else if self.amount_cents > available_cents {
            (false, "not_enough_credit")
        } else {
            (true, "within_credit")
        };
        CreditDecision { customer_id: self.customer_id, amount_cents: self.amount_cents, available_cents, approved, reason }
    }
}
