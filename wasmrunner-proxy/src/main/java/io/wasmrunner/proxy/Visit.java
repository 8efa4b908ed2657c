package io.wasmrunner.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.wasmrunner.model.Decision;
import io.wasmrunner.model.RefusedRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request at the entry point, whatever becomes of it: who asks, under which ids, why it ends as
 * it does. It is written down once. Confined to its event loop.
 */
final class Visit {
  /** Asks for the reasons; heard from this machine only. */
  static final CharSequence EXPLAIN = HttpHeaders.createOptimized("WR-Explain");

  /** One of the reasons, as {@code topic; detail}. */
  static final CharSequence EXPLANATION = HttpHeaders.createOptimized("WR-Explanation");

  private static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(Caller.REQUEST_ID);
  private static final int LONGEST_STEP = 400;
  private static final double MICROS = 1e3;
  private static final double MILLIS = 1e6;

  private final ProxyLoop loop;
  private final HttpServerRequest request;
  private final Caller caller;
  private final int number;
  private final long startedAt;
  private final Explanation explanation = new Explanation();
  private @Nullable String service;
  private @Nullable String runner;
  private @Nullable Problem problem;
  private long sentAt;
  private boolean explained;
  private boolean clientGone;
  private boolean over;

  /**
   * Begins one.
   *
   * @param number which request of its connection it is, from 1; only HTTP/1 needs it
   */
  Visit(ProxyLoop loop, HttpServerRequest request, Caller caller, int number) {
    this.loop = loop;
    this.request = request;
    this.caller = caller;
    this.number = number;
    this.startedAt = loop.deadlines().preciseNow();
  }

  HttpServerRequest request() {
    return request;
  }

  Caller caller() {
    return caller;
  }

  /** Which request of its connection it is. */
  int number() {
    return number;
  }

  /** When it came, in nanoseconds. */
  long startedAt() {
    return startedAt;
  }

  /** Why it ends as it does. */
  Explanation explanation() {
    return explanation;
  }

  /** It is for this service. */
  void isFor(String name) {
    service = name;
  }

  /** This runner answers. */
  void answeredBy(String label) {
    runner = label;
  }

  /** It goes to a runner at this time. */
  void sending(long now) {
    sentAt = now;
  }

  /** Puts into the answer's head what concerns the visit. */
  void signHead() {
    HttpServerResponse response = request.response();
    response.putHeader(REQUEST_ID, caller.requestId());
    if (loop.options().edge().serverTiming()) {
      response.headers().add(SERVER_TIMING, timing());
    }
    if (wantsExplanation()) {
      for (Explanation.Step step : explanation.steps()) {
        response.headers().add(EXPLANATION, visible(step.topic() + "; " + step.detail()));
      }
    }
  }

  /** The answer is this problem; its head is about to be sent. */
  void refused(Refusal refusal) {
    problem = refusal.problem();
    explanation.note("refused", refusal.problem().code() + ": " + refusal.detail());
    signHead();
    remember(refusal, request.decoderResult().isSuccess());
  }

  private void remember(Refusal refusal, boolean readable) {
    loop.refusals()
        .add(
            new RefusedRequest(
                loop.options().clock().instant(),
                caller.requestId(),
                caller.address(),
                readable ? request.method().name() : "-",
                readable ? LoggedTarget.of(request.path(), request.query()) : "-",
                refusal.problem().status(),
                refusal.problem().code(),
                refusal.detail(),
                Optional.ofNullable(service),
                decisions()));
  }

  private List<Decision> decisions() {
    return explanation.steps().stream()
        .map(step -> new Decision(step.topic(), step.detail()))
        .toList();
  }

  /** The client has left, before the answer or amid it, and it is over. */
  void clientLeft() {
    clientGone = true;
    over();
  }

  /** It is over; the first call writes it down. */
  void over() {
    if (over) {
      return;
    }
    over = true;
    AccessLog log = loop.accessLog();
    if (log.isOn()) {
      log.add(entry());
    }
  }

  private AccessEntry entry() {
    HttpServerResponse response = request.response();
    boolean readable = request.decoderResult().isSuccess();
    boolean gone = (clientGone || response.closed()) && !response.headWritten();
    return new AccessEntry(
        loop.options().clock().instant(),
        caller.address(),
        readable ? request.method().name() : "-",
        readable ? LoggedTarget.of(request.path(), request.query()) : "-",
        protocol(request.version()),
        gone ? Exchange.CLIENT_GONE : response.getStatusCode(),
        response.bytesWritten(),
        Math.round((loop.deadlines().preciseNow() - startedAt) / MICROS),
        service,
        runner,
        problem == null ? null : problem.code(),
        caller.requestId(),
        caller.trace().traceId(),
        LoggedTarget.url(request.getHeader(HttpHeaders.REFERER)),
        request.getHeader(HttpHeaders.USER_AGENT));
  }

  /** Milliseconds until the request went to a runner, and until the answer began. */
  private String timing() {
    long now = loop.deadlines().preciseNow();
    return sentAt == 0
        ? String.format(Locale.ROOT, "wasmrunner;dur=%.3f", (now - startedAt) / MILLIS)
        : String.format(
            Locale.ROOT,
            "wasmrunner;dur=%.3f, service;dur=%.3f",
            (sentAt - startedAt) / MILLIS,
            (now - sentAt) / MILLIS);
  }

  private boolean wantsExplanation() {
    if (!explained && request.headers().contains(EXPLAIN)) {
      explained = true;
      return caller.isLocal(request.headers());
    }
    return false;
  }

  private static String protocol(@Nullable HttpVersion version) {
    if (version == null) {
      return "-";
    }
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2.0";
    };
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    for (int i = 0; i < text.length() && i < LONGEST_STEP; i++) {
      char c = text.charAt(i);
      visible.append(c >= ' ' && c < 0x7f ? c : '?');
    }
    return visible.toString();
  }
}
