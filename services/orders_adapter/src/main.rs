//! orders_adapter: shows the shop's orders and, on a schedule, publishes new ones to the queue orders.created.

mod publisher;
mod server;
mod shop;

use std::sync::Arc;

use hyper::{Body, Request, StatusCode};
use serde::Serialize;

use publisher::{Publisher, QUEUE};
use server::{Answer, Problem};
use shop::{Order, Shop};

const DEFAULT_PORT: u16 = 15030;
const DEFAULT_BASE_URL: &str = "http://127.0.0.1:14000";
/// Seconds between two orders of the shop, unless SHOP_ORDER_INTERVAL_SECS says otherwise.
const DEFAULT_INTERVAL: u16 = 45;

struct Adapter {
    shop: Shop,
    publisher: Publisher,
}

#[derive(Serialize)]
struct OrderList {
    orders: Vec<Order>,
}

#[derive(Serialize)]
struct Published {
    queue: &'static str,
    published: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let error = match adapter() {
        Ok(adapter) => {
            let adapter = Arc::new(adapter);
            let handle = move |request| handle(adapter.clone(), request);
            server::serve("orders_adapter", DEFAULT_PORT, handle).await.to_string()
        }
        Err(error) => error.to_string(),
    };
    eprintln!("[ERROR] orders_adapter cannot start: {error}");
    std::process::exit(1);
}

fn adapter() -> reqwest::Result<Adapter> {
    let base_url = std::env::var("RUNNER_BASE_URL").unwrap_or_else(|_| DEFAULT_BASE_URL.to_owned());
    let shop = Shop::new(server::number_from_environment("SHOP_ORDER_INTERVAL_SECS").unwrap_or(DEFAULT_INTERVAL).into());
    let publisher = Publisher::new(&base_url, &shop)?;
    Ok(Adapter { shop, publisher })
}

async fn handle(adapter: Arc<Adapter>, request: Request<Body>) -> Answer {
    server::only_get(&request)?;
    let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
    match segments[..] {
        ["health"] => server::ok(),
        [""] => list(&adapter.shop, &request),
        ["webhooks", "pull"] => pull(&adapter).await,
        [order_id] => show(&adapter.shop, order_id),
        _ => Err(Problem::new(StatusCode::NOT_FOUND, "orders_adapter serves /, /{order_id} and /webhooks/pull")),
    }
}

fn list(shop: &Shop, request: &Request<Body>) -> Answer {
    let customer_id = server::query(request, "customer_id");
    let wanted = |order: &Order| customer_id.map_or(true, |id| order.customer_id == id);
    let orders = shop.newest().filter(wanted).take(server::limit(request)?).collect();
    server::json(StatusCode::OK, &OrderList { orders })
}

fn show(shop: &Shop, order_id: &str) -> Answer {
    let order = shop.by_id(order_id).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "the shop has no order with this id"))?;
    server::json(StatusCode::OK, &order)
}

async fn pull(adapter: &Adapter) -> Answer {
    let pull = adapter.publisher.pull(&adapter.shop).await;
    for order_id in &pull.published {
        println!("[INFO] order {order_id} published to {QUEUE}");
    }
    if let Some(failure) = pull.failure {
        eprintln!("[ERROR] {failure}; the next pull tries it again");
        return Err(Problem::new(StatusCode::BAD_GATEWAY, failure));
    }
    let status = if pull.published.is_empty() { StatusCode::OK } else { StatusCode::ACCEPTED };
    server::json(status, &Published { queue: QUEUE, published: pull.published })
}
