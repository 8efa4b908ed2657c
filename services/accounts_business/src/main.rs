//! accounts_business: who the shop's customers are, what they owe, and whether they may spend more.

mod accounts;
mod credit;
mod server;

use hyper::{Body, Method, Request, StatusCode};
use serde::Serialize;

use accounts::{Account, Movement};
use credit::CreditCheck;
use server::{Answer, Problem};

const DEFAULT_PORT: u16 = 15020;
const MAX_BODY: usize = 16 * 1024;

#[derive(Serialize)]
struct AccountList {
    accounts: Vec<AccountView>,
}

#[derive(Serialize)]
struct AccountView {
    #[serde(flatten)]
    account: &'static Account,
    available_cents: i64,
}

#[derive(Serialize)]
struct MovementList<'a> {
    account_id: &'a str,
    movements: &'static [Movement],
    total: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let error = server::serve("accounts_business", DEFAULT_PORT, handle).await;
    eprintln!("[ERROR] accounts_business cannot listen: {error}");
    std::process::exit(1);
}

async fn handle(request: Request<Body>) -> Answer {
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match segments[..] {
        ["health"] => server::only(Method::GET, &request).and_then(|()| server::ok()),
        [""] => list(&request),
        ["credit-checks"] => decide(request).await,
        [account_id] => show(&request, account_id),
        [account_id, "movements"] => movements(&request, account_id),
        _ => Err(not_found("accounts_business serves /, /{account_id}, /{account_id}/movements and POST /credit-checks")),
    }
}

fn list(request: &Request<Body>) -> Answer {
    server::only(Method::GET, request)?;
    let customer_id = server::query(request, "customer_id");
    let wanted = |account: &&Account| customer_id.map_or(true, |id| account.customer.customer_id == id);
    let accounts = accounts::all().iter().filter(wanted).map(view).collect();
    server::json(StatusCode::OK, &AccountList { accounts })
}

fn show(request: &Request<Body>, account_id: &str) -> Answer {
    server::only(Method::GET, request)?;
    server::json(StatusCode::OK, &view(find(account_id)?))
}

fn movements(request: &Request<Body>, account_id: &str) -> Answer {
    server::only(Method::GET, request)?;
    let account = find(account_id)?;
    let all = account.movements();
    let movements = &all[..all.len().min(server::limit(request)?)];
    server::json(StatusCode::OK, &MovementList { account_id, movements, total: all.len() })
}

async fn decide(request: Request<Body>) -> Answer {
    server::only(Method::POST, &request)?;
    let body = server::read_body(request.into_body(), MAX_BODY).await?;
    let check: CreditCheck =
        serde_json::from_slice(&body).map_err(|error| Problem::new(StatusCode::BAD_REQUEST, format!("the body is not a credit check: {error}")))?;
    if let Some(violation) = check.violation() {
        return Err(Problem::new(StatusCode::BAD_REQUEST, violation));
    }
    let account = accounts::of_customer(&check.customer_id).ok_or_else(|| not_found("there is no customer with this customer_id"))?;
    server::json(StatusCode::OK, &check.decide(account))
}

fn find(account_id: &str) -> Result<&'static Account, Problem> {
    accounts::by_id(account_id).ok_or_else(|| not_found("there is no account with this id"))
}

fn view(account: &'static Account) -> AccountView {
    AccountView { account, available_cents: account.available_cents() }
}

fn not_found(detail: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, detail)
}
