package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.wasmrunner.proxy.policy.Admission;
import io.wasmrunner.proxy.policy.AnswerPolicy;
import io.wasmrunner.proxy.resilience.CircuitBreaker.Pass;
import io.wasmrunner.proxy.resilience.Outcome;
import io.wasmrunner.spi.BalancedRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request for a service, seen from the client's side. Confined to its event loop. */
final class Exchange implements BalancedRequest {
  /** Status counted for clients that went away before the answer. */
  static final int CLIENT_GONE = 499;

  private final ProxyLoop loop;
  private HttpServerRequest request;
  private final ServiceRoute route;
  private final String path;
  private String uri;
  private final boolean hasBody;
  private final Visit visit;
  private @Nullable Admission admission;
  private @Nullable Consumer<Refusal> stop;
  private boolean trailersTaken;
  private io.netty.handler.codec.http.@Nullable HttpHeaders trailers;
  private boolean counted;
  private @Nullable Leave leave;
  private @Nullable MultiMap answerHeaders;

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
    visit.explanation().routed(route.route().prefix(), route.service());
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

  /** The policies of its service have taken it up. */
  void admission(Admission taken) {
    admission = taken;
  }

  /** Goes on with another form of the request: its body may have been read before. */
  void carry(HttpServerRequest other) {
    request = other;
  }

  /** Replaces the query that the service gets. */
  void query(@Nullable String query) {
    uri = query == null || query.isEmpty() ? path() : path() + '?' + query;
  }

  /** What to call when the request is refused while it is on its way. */
  void onAbort(Consumer<Refusal> action) {
    stop = action;
  }

  /** Refuses it, also when it is on its way already. */
  void abort(Refusal refusal) {
    explanation().note("policy", refusal.problem().code() + ": " + refusal.detail());
    if (stop != null) {
      stop.accept(refusal);
    } else {
      refuse(refusal);
    }
  }

  /** Changes the header for the service as the policies say. */
  void admit(MultiMap headers) {
    if (admission != null) {
      admission.admit(headers);
    }
  }

  /**
   * What the policies do to the answer, whose head is in the response; null when there are none.
   */
  @Nullable AnswerPolicy answerPolicy(int status, boolean bodiless) {
    return admission == null ? null : admission.answer(status, response().headers(), bodiless);
  }

  /** Why it ends as it does. */
  Explanation explanation() {
    return visit.explanation();
  }

  /** Trailers of the request, for each attempt; null when there are none. After the body only. */
  io.netty.handler.codec.http.@Nullable HttpHeaders trailers() {
    if (!trailersTaken) {
      trailersTaken = true;
      trailers = RequestTrailers.take(this);
    }
    return trailers;
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

  @Override
  public Optional<String> cookie(String name) {
    List<String> fields = request.headers().getAll(HttpHeaders.COOKIE);
    return NamedValue.firstOf(fields, ";", name);
  }

  @Override
  public Optional<String> queryParameter(String name) {
    String query = request.query();
    return query == null ? Optional.empty() : NamedValue.firstOf(List.of(query), "&", name);
  }

  @Override
  public boolean secure() {
    return request.isSSL();
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    if (answerHeaders == null) {
      answerHeaders = MultiMap.caseInsensitiveMultiMap();
    }
    answerHeaders.add(name, value);
  }

  /** Another choice follows. */
  void forgetAnswerHeaders() {
    answerHeaders = null;
  }

  /** Adds what the strategy wants to tell the client. */
  void addAnswerHeadersTo(MultiMap headers) {
    if (answerHeaders != null) {
      headers.addAll(answerHeaders);
    }
  }

  /* ---- the guard ---- */

  void admittedBy(Leave by) {
    leave = by;
  }

  /** An attempt at a runner ended. */
  void ended(LiveUpstream upstream, long latencyNanos, Outcome outcome) {
    route.balancer().completed(upstream, latencyNanos, outcome.failed());
    if (route.guard().watchesOutcomes()) {
      Pass pass = leave == null ? Pass.FREE : leave.takePass();
      ServiceRoute current = currentRoute();
      List<LiveUpstream> peers = current == null ? route.upstreams() : current.upstreams();
      route.guard().ended(upstream, peers, outcome, latencyNanos, pass);
    }
  }

  /** Nothing more happens at a runner because of it; idempotent. */
  void over() {
    if (leave != null) {
      leave.release();
    }
    if (admission != null) {
      admission.abandon();
    }
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
        && HopHeaders.hasOption(headers.getAll(HttpHeaders.CONNECTION), "upgrade")
        && !hasBody;
  }

  /** Counts the answer; only the first call does. */
  void count(int status) {
    if (!counted) {
      counted = true;
      loop.traffic().count(route.traffic(), path, status);
    }
  }

  /** The client has left before its answer. */
  void clientLeft() {
    over();
    count(CLIENT_GONE);
    visit.clientLeft();
  }

  /** Answers with a problem. */
  void refuse(Refusal refusal) {
    over();
    count(refusal.problem().status());
    loop.refuse(visit, refusal, admission == null ? null : admission.answerHeaders());
    visit.over();
  }
}
