//! The HTTP side of a service: one listener on loopback, bounded connections, errors as problem documents.

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::Http;
use hyper::service::service_fn;
use hyper::{header, Body, Method, Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;

/// Open connections; further ones wait in the listener's backlog. Together with connections to others this stays below the 1024
/// descriptors that hosts usually grant.
const MAX_CONNECTIONS: usize = 500;
/// How long the head of a request may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);

/// Why a request cannot be served. Becomes a problem document (RFC 9457).
pub struct Problem {
    pub status: StatusCode,
    pub detail: String,
    pub allow: Option<&'static str>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Problem { status, detail: detail.into(), allow: None }
    }
}

pub type Answer = Result<Response<Body>, Problem>;

/// Serves for ever on 127.0.0.1 at WR_RUNNER_PORT, or at `default_port` where that is unset. Returns only when it cannot listen,
/// with the reason.
pub async fn serve<H, F>(service: &str, default_port: u16, handle: H) -> std::io::Error
where
    H: Fn(Request<Body>) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let port = number_from_environment("WR_RUNNER_PORT").filter(|port| *port != 0).unwrap_or(default_port);
    let listener = match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
        Ok(listener) => listener,
        Err(error) => return error,
    };
    println!(
        "[INFO] {service} listens on 127.0.0.1:{port}, runner {} ({} in all)",
        number_from_environment("WR_RUNNER_INDEX").unwrap_or(0),
        number_from_environment("WR_RUNNER_INSTANCES").unwrap_or(1)
    );
    let mut http = Http::new();
    // Head and body leave in one piece: where a host leaves Nagle on, two pieces cost 40 ms.
    http.http1_only(true).http1_header_read_timeout(ARRIVAL).http1_writev(false);
    let handle = Arc::new(handle);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                eprintln!("[ERROR] a connection could not be accepted: {error}; the next attempt follows in 100 ms");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (http, handle) = (http.clone(), handle.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let answer = handle(request);
                async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(problem)) }
            });
            // A connection that breaks is the client's affair: nobody is left to tell.
            let _ = http.serve_connection(stream, service).await;
            drop(place);
        });
    }
}

pub fn number_from_environment(name: &str) -> Option<u16> {
    std::env::var(name).ok()?.parse().ok()
}

/// Fails with 405 unless the request is a GET, or a HEAD, of which hyper leaves the body out.
pub fn only_get(request: &Request<Body>) -> Result<(), Problem> {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return Ok(());
    }
    let detail = format!("this path does not serve {}", request.method());
    Err(Problem { status: StatusCode::METHOD_NOT_ALLOWED, detail, allow: Some("GET, HEAD") })
}

/// The value of a query parameter as it stands, percent-encoding untouched.
pub fn query<'a>(request: &'a Request<Body>, name: &str) -> Option<&'a str> {
    let pairs = request.uri().query()?.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The query parameter `limit`, from 1 to 100, or 20 where it is absent.
pub fn limit(request: &Request<Body>) -> Result<usize, Problem> {
    match query(request, "limit").map(str::parse) {
        None => Ok(20),
        Some(Ok(limit @ 1..=100)) => Ok(limit),
        Some(_) => Err(Problem::new(StatusCode::BAD_REQUEST, "limit: a whole number from 1 to 100 expected")),
    }
}

pub fn json(status: StatusCode, value: &impl serde::Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(with_type(status, "application/json", body))
}

/// What health probes expect.
pub fn ok() -> Answer {
    Ok(with_type(StatusCode::OK, "text/plain; charset=utf-8", b"ok".to_vec()))
}

fn problem(problem: Problem) -> Response<Body> {
    let title = problem.status.canonical_reason().unwrap_or("Error");
    let document = serde_json::json!({ "title": title, "status": problem.status.as_u16(), "detail": problem.detail });
    let mut response = with_type(problem.status, "application/problem+json", document.to_string().into_bytes());
    if let Some(allow) = problem.allow {
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allow));
    }
    response
}

fn with_type(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    response
}
