//! Publishes new orders to the queue, each once and in order, as long as this runner lives.

use std::time::Duration;

use reqwest::Client;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::shop::{Order, Shop};

pub const QUEUE: &str = "orders.created";

/// Orders placed shortly before the start count as new, so that a restart misses none. Some are then published twice: whoever
/// listens to a queue has to cope with that anyway.
const BACKLOG: u64 = 20;
/// Orders in one pull; the next pull continues.
const MAX_BATCH: usize = 50;
const TIMEOUT: Duration = Duration::from_secs(3);

pub struct Publisher {
    client: Client,
    url: String,
    /// The number of the next order to publish. Locked during a pull, so that two pulls at once publish nothing twice.
    next: Mutex<u64>,
}

/// The message on the queue: the order, and what happened to it.
#[derive(Serialize)]
struct Event<'a> {
    event: &'static str,
    #[serde(flatten)]
    order: &'a Order,
}

/// What a pull has done.
#[derive(Default)]
pub struct Pull {
    pub published: Vec<String>,
    pub failure: Option<String>,
}

impl Publisher {
    /// Publishes through the entry point at `base_url`.
    pub fn new(base_url: &str, shop: &Shop) -> reqwest::Result<Self> {
        Ok(Publisher {
            client: Client::builder().timeout(TIMEOUT).pool_max_idle_per_host(32).no_proxy().build()?,
            url: format!("{}/__runner__/queues/{QUEUE}", base_url.trim_end_matches('/')),
            next: Mutex::new((shop.latest() + 1).saturating_sub(BACKLOG)),
        })
    }

    /// Publishes what is new and stops at the first failure; the order that failed is the first of the next pull.
    pub async fn pull(&self, shop: &Shop) -> Pull {
        let mut next = self.next.lock().await;
        let mut pull = Pull::default();
        while *next <= shop.latest() && pull.published.len() < MAX_BATCH {
            let order = shop.order(*next);
            if let Err(failure) = self.publish(&order).await {
                pull.failure = Some(format!("{} was not published: {failure}", order.order_id));
                break;
            }
            *next += 1;
            pull.published.push(order.order_id);
        }
        pull
    }

    async fn publish(&self, order: &Order) -> Result<(), String> {
        let event = serde_json::to_vec(&Event { event: "order_created", order }).map_err(|error| error.to_string())?;
        let request = self.client.post(&self.url).header("content-type", "application/json").body(event);
        let response = request.send().await.map_err(|error| error.to_string())?;
        let status = response.status();
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("{} answered {status}", self.url))
        }
    }
}
