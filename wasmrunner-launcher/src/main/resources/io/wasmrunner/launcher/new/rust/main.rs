//! @NAME@: greets, and says which runner did.

#[allow(dead_code)] // it has more than a greeting needs
mod server;

use hyper::{Body, Method, Request, StatusCode};
use serde::Serialize;

use server::{Answer, Problem};

const DEFAULT_PORT: u16 = @PORT@;

#[derive(Serialize)]
struct Greeting {
    greeting: &'static str,
    runner: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let error = server::serve("@NAME@", DEFAULT_PORT, handle).await;
    eprintln!("[ERROR] @NAME@ cannot listen: {error}");
    std::process::exit(1);
}

async fn handle(request: Request<Body>) -> Answer {
    match request.uri().path() {
        "/health" => server::only(Method::GET, &request).and_then(|()| server::ok()),
        "/hello" => hello(&request),
        _ => Err(Problem::new(StatusCode::NOT_FOUND, "@NAME@ serves /hello and /health")),
    }
}

fn hello(request: &Request<Body>) -> Answer {
    server::only(Method::GET, request)?;
    let runner = server::number_from_environment("WR_RUNNER_INDEX").unwrap_or(0);
    server::json(StatusCode::OK, &Greeting { greeting: "Hello from @NAME@", runner })
}
