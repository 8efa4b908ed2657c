//! What the other services tell, as far as it is used here, and the views composed from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Accounts {
    pub accounts: Vec<Account>,
}

#[derive(Deserialize)]
pub struct Account {
    pub account_id: String,
    pub customer: Customer,
    pub status: String,
    pub currency: String,
    pub balance_cents: i64,
    pub available_cents: i64,
}

#[derive(Deserialize, Serialize)]
pub struct Customer {
    pub customer_id: String,
    pub name: String,
    pub email: String,
    pub segment: String,
}

#[derive(Deserialize)]
pub struct Orders {
    pub orders: Vec<Order>,
}

#[derive(Deserialize, Serialize)]
pub struct Order {
    pub order_id: String,
    pub placed_at: String,
    pub currency: String,
    pub total_cents: u64,
}

#[derive(Deserialize)]
pub struct Invoices {
    pub invoices: Vec<Invoice>,
    pub total: u64,
}

#[derive(Deserialize, Serialize)]
pub struct Invoice {
    pub invoice_id: String,
    pub order_id: String,
    pub currency: String,
    pub total_cents: u64,
    pub issued_at: String,
}

#[derive(Serialize)]
pub struct CustomerList {
    pub customers: Vec<Customer>,
}

#[derive(Serialize)]
pub struct Summary {
    #[serde(flatten)]
    customer: Customer,
    account: AccountView,
    latest_orders: Vec<Order>,
    billing: BillingView,
}

#[derive(Serialize)]
struct AccountView {
    account_id: String,
    status: String,
    currency: String,
    balance_cents: i64,
    available_cents: i64,
}

#[derive(Serialize)]
struct BillingView {
    invoices: u64,
    latest_invoices: Vec<Invoice>,
}

#[derive(Serialize)]
pub struct OrderList<'a> {
    pub customer_id: &'a str,
    pub orders: Vec<OrderView>,
}

/// An order together with the invoice billing has made of it, if it has by now.
#[derive(Serialize)]
pub struct OrderView {
    #[serde(flatten)]
    order: Order,
    invoice_id: Option<String>,
}

pub fn summary(account: Account, orders: Orders, invoices: Invoices) -> Summary {
    let Account { account_id, customer, status, currency, balance_cents, available_cents } = account;
    Summary {
        customer,
        account: AccountView { account_id, status, currency, balance_cents, available_cents },
        latest_orders: orders.orders,
        billing: BillingView { invoices: invoices.total, latest_invoices: invoices.invoices },
    }
}

pub fn orders_with_invoices(orders: Orders, invoices: Invoices) -> Vec<OrderView> {
    let mut invoice_ids: BTreeMap<String, String> =
        invoices.invoices.into_iter().map(|invoice| (invoice.order_id, invoice.invoice_id)).collect();
    let view = |order: Order| OrderView { invoice_id: invoice_ids.remove(&order.order_id), order };
    orders.orders.into_iter().map(view).collect()
}
