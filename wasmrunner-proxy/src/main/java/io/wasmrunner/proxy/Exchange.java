package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.wasmrunner.spi.BalancedRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request for a service, seen from the client's side. Confined to its event loop. */
final class Exchange implements BalancedRequest {
  /** Status counted for clients that went away before the answer. */
  static final int CLIENT_GONE = 499;

  private final ProxyLoop loop;
  private final HttpServerRequest request;
  private final ServiceRoute route;
  private final String path;
  private final String uri;
  private final boolean hasBody;
  private final Visit visit;
  private boolean counted;

  Exchange(ProxyLoop loop, Visit visit, RouteTable.Match match, String suffix) {
    this.loop = loop;
    this.visit = visit;
    this.request = visit.request();
    this.route = match.route();
    this.path = match.path();
    this.uri = suffix.isEmpty() ? path : path + suffix;
    // Now, for later an HTTP/2 stream does not tell it from one whose body has come.
    this.hasBody = RequestBody.exists(request);
    visit.isFor(route.service());
    visit
        .explanation()
        .note("route", "/" + route.route().prefix() + " is served by " + route.service());
  }

  ProxyLoop loop() {
    return loop;
  }

  HttpServerRequest request() {
    return request;
  }

  HttpServerResponse response() {
    return request.response();
  }

  /** The request at the entry point. */
  Visit visit() {
    return visit;
  }

  /** Who asks. */
  Caller caller() {
    return visit.caller();
  }

  /** Why it ends as it does. */
  Explanation explanation() {
    return visit.explanation();
  }

  /** Whether a body follows the head, if only an empty one. */
  boolean hasBody() {
    return hasBody;
  }

  /** Path and query for the service. */
  String uri() {
    return uri;
  }

  /** The route as it was when the request came. */
  ServiceRoute route() {
    return route;
  }

  /** The route as it is now. */
  @Nullable ServiceRoute currentRoute() {
    return loop.routes().table().ofService(route.service());
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** Address of the client, as far as trusted proxies tell it; empty when unknown. */
  @Override
  public String clientAddress() {
    return visit.caller().address();
  }

  /** Whether doing it twice is the same as doing it once: RFC 9110, 9.2.2. */
  boolean isIdempotent() {
    HttpMethod method = request.method();
    return method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || method.equals(HttpMethod.OPTIONS)
        || method.equals(HttpMethod.TRACE)
        || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.DELETE);
  }

  /** Whether the client wants to speak WebSocket. */
  boolean isWebSocket() {
    MultiMap headers = request.headers();
    return headers.contains(HttpHeaders.UPGRADE)
        && request.method().equals(HttpMethod.GET)
        && request.version() == HttpVersion.HTTP_1_1
        && "websocket".equalsIgnoreCase(headers.get(HttpHeaders.UPGRADE))
        && HopHeaders.hasOption(headers, "upgrade")
        && !hasBody;
  }

  /** Counts the answer; only the first call does. */
  void count(int status) {
    if (!counted) {
      counted = true;
      loop.traffic().count(route.traffic(), path, status);
    }
  }

  /** Answers with a problem. */
  void refuse(Refusal refusal) {
    count(refusal.problem().status());
    loop.refuse(visit, refusal);
    visit.over();
  }
}
