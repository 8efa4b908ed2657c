//! Calls to the other services, through the entry point.

use std::time::Duration;

use hyper::StatusCode;
use reqwest::Client;
use serde::de::DeserializeOwned;

use crate::server::Problem;

/// How long one call may take, its answer included.
const TIMEOUT: Duration = Duration::from_secs(3);
/// The largest answer that is taken in.
const MAX_ANSWER: usize = 1024 * 1024;

pub struct Upstream {
    client: Client,
    base_url: String,
}

impl Upstream {
    pub fn new(base_url: &str) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).pool_max_idle_per_host(32).no_proxy().build()?;
        Ok(Upstream { client, base_url: base_url.trim_end_matches('/').to_owned() })
    }

    /// GETs `/{service}{path}` and reads its JSON. Whatever goes wrong is a 502 that names the service and the cause.
    pub async fn get<T: DeserializeOwned>(&self, service: &str, path: &str) -> Result<T, Problem> {
        let answer = self.fetch(service, path).await.and_then(|body| {
            serde_json::from_slice(&body).map_err(|error| format!("answered with something unexpected: {error}"))
        });
        answer.map_err(|cause| {
            let detail = format!("service '{service}' {cause}");
            eprintln!("[ERROR] GET /{service}{path}: {detail}");
            Problem::new(StatusCode::BAD_GATEWAY, detail)
        })
    }

    async fn fetch(&self, service: &str, path: &str) -> Result<Vec<u8>, String> {
        let url = format!("{}/{service}{path}", self.base_url);
        let mut response = self.client.get(url).send().await.map_err(cause)?;
        if !response.status().is_success() {
            return Err(format!("answered {}", response.status()));
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(cause)? {
            if body.len() + piece.len() > MAX_ANSWER {
                return Err(format!("answered with more than {MAX_ANSWER} bytes"));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

fn cause(error: reqwest::Error) -> String {
    if error.is_timeout() {
        format!("did not answer within {} ms", TIMEOUT.as_millis())
    } else {
        format!("did not answer: {error}")
    }
}
