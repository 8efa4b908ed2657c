//! customer_bff: what the shop's customer pages need, composed from the services accounts, orders and billing.

mod server;
mod upstream;
mod views;

use std::sync::Arc;

use hyper::{Body, Request, StatusCode};

use server::{Answer, Problem};
use upstream::Upstream;
use views::{Account, Accounts, CustomerList, Invoices, OrderList, Orders};

const DEFAULT_PORT: u16 = 15010;
const DEFAULT_BASE_URL: &str = "http://127.0.0.1:14000";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let base_url = std::env::var("RUNNER_BASE_URL").unwrap_or_else(|_| DEFAULT_BASE_URL.to_owned());
    let error = match Upstream::new(&base_url) {
        Ok(upstream) => {
            let upstream = Arc::new(upstream);
            let handle = move |request| handle(upstream.clone(), request);
            server::serve("customer_bff", DEFAULT_PORT, handle).await.to_string()
        }
        Err(error) => error.to_string(),
    };
    eprintln!("[ERROR] customer_bff cannot start: {error}");
    std::process::exit(1);
}

async fn handle(upstream: Arc<Upstream>, request: Request<Body>) -> Answer {
    server::only_get(&request)?;
    let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
    match segments[..] {
        ["health"] => server::ok(),
        [""] => list(&upstream).await,
        [customer_id, "summary"] => summary(&upstream, valid(customer_id)?).await,
        [customer_id, "orders"] => orders(&upstream, valid(customer_id)?, server::limit(&request)?).await,
        _ => Err(Problem::new(StatusCode::NOT_FOUND, "customer_bff serves /, /{customer_id}/summary and /{customer_id}/orders")),
    }
}

async fn list(upstream: &Upstream) -> Answer {
    let accounts: Accounts = upstream.get("accounts", "").await?;
    let customers = accounts.accounts.into_iter().map(|account| account.customer).collect();
    server::json(StatusCode::OK, &CustomerList { customers })
}

async fn summary(upstream: &Upstream, customer_id: &str) -> Answer {
    let (account, orders, invoices) = composed_from(upstream, customer_id, 3).await?;
    server::json(StatusCode::OK, &views::summary(account, orders, invoices))
}

async fn orders(upstream: &Upstream, customer_id: &str, limit: usize) -> Answer {
    let (_, orders, invoices) = composed_from(upstream, customer_id, limit).await?;
    let orders = views::orders_with_invoices(orders, invoices);
    server::json(StatusCode::OK, &OrderList { customer_id, orders })
}

/// Asks the three services at once. A customer without an account does not exist: 404.
async fn composed_from(upstream: &Upstream, customer_id: &str, limit: usize) -> Result<(Account, Orders, Invoices), Problem> {
    let (account_path, orders_path, invoices_path) = (
        format!("?customer_id={customer_id}"),
        format!("?customer_id={customer_id}&limit={limit}"),
        format!("/customers/{customer_id}/invoices?limit={limit}"),
    );
    let (accounts, orders, invoices) = tokio::try_join!(
        upstream.get::<Accounts>("accounts", &account_path),
        upstream.get::<Orders>("orders", &orders_path),
        upstream.get::<Invoices>("billing", &invoices_path),
    )?;
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "there is no customer with this id");
    let account = accounts.accounts.into_iter().next().ok_or_else(unknown)?;
    Ok((account, orders, invoices))
}

/// A customer id becomes part of the addresses that are called, so nothing but letters, digits, '-' and '_' may be in it.
fn valid(customer_id: &str) -> Result<&str, Problem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (1..=40).contains(&customer_id.len()) && customer_id.chars().all(allowed) {
        Ok(customer_id)
    } else {
        Err(Problem::new(StatusCode::BAD_REQUEST, "customer_id: 1 to 40 letters, digits, '-' or '_' expected"))
    }
}
