package io.wasmrunner.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import io.wasmrunner.proxy.resilience.Outcome;
import io.wasmrunner.proxy.resilience.RetryPolicy;
import io.wasmrunner.proxy.resilience.RetryPolicy.Decision;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is sent once more, as its service wants, and what is kept for that. Confined to
 * its event loop.
 */
final class Repeating {
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final @Nullable RetryPolicy policy;
  private @Nullable RecordedBody recorded;
  private int tries;
  private boolean repeatedForConnection;

  Repeating(Exchange exchange) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.policy = exchange.route().guard().retries();
  }

  /** Takes the body over, paused, if it may be needed again. */
  void begin() {
    if (policy != null && exchange.hasBody() && isBodyWorthKeeping(policy)) {
      recorded = new RecordedBody(request, policy.bodyBytes());
    }
  }

  /** The body for the next attempt, paused if there is one. */
  ReadStream<Buffer> body() {
    return recorded == null ? request : recorded.fromStart();
  }

  /** The attempt is given up; what comes of the body is for the next one. */
  void hold() {
    if (recorded != null) {
      recorded.hold();
    }
  }

  /** Nanoseconds that an attempt may take to the head of its answer. */
  long perTryNanos() {
    return policy == null ? Long.MAX_VALUE : policy.perTryNanos();
  }

  /**
   * Whether it is to be sent once more after this; if so, that is counted.
   *
   * @param untouched whether no runner can have seen anything of it
   */
  boolean isDue(Outcome failure, boolean untouched) {
    if (policy == null || exchange.isWebSocket() || exchange.response().headWritten()) {
      return false;
    }
    boolean cut = recorded != null && !recorded.isWhole();
    if ((cut || !untouched) && !isSafe(policy)) {
      return false;
    }
    long now = exchange.loop().deadlines().preciseNow();
    Decision decision = policy.decide(failure, tries, now);
    switch (decision) {
      case RETRY -> exchange.explanation().note("retry", "sent again after " + failure);
      case NO_BUDGET -> exchange.explanation().note("retry", "not sent again: no budget left");
      case TOO_OFTEN -> exchange.explanation().note("retry", "not sent again: tried often enough");
      case OTHER_FAILURE -> {}
    }
    if (decision == Decision.RETRY) {
      tries++;
    }
    return decision == Decision.RETRY;
  }

  /**
   * Whether it is to be sent once more because this connection was lost; if so, that is counted. A
   * connection that had been used before and was closed without a byte of answer: the runner closed
   * it before it saw the request. The same on a new connection is different: the request itself may
   * have been the reason.
   */
  boolean isDueAfter(RunnerConnection lost) {
    boolean due =
        !repeatedForConnection && lost.reused() && !exchange.hasBody() && exchange.isIdempotent();
    repeatedForConnection |= due;
    return due;
  }

  /** Milliseconds to wait before that; 0 for none. */
  long pauseMillis() {
    return policy == null ? 0 : policy.pause(tries).toMillis();
  }

  /** Whether a body may be needed again and is not known to be too large for that. */
  private boolean isBodyWorthKeeping(RetryPolicy known) {
    if (!known.mayRepeat(exchange.isIdempotent()) || RequestBody.isAwaitingLeave(request)) {
      return false;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null || Long.parseLong(length) <= known.bodyBytes();
    } catch (NumberFormatException beyondAllBounds) {
      return false;
    }
  }

  /** Whether it does no harm although a runner may have seen it, and all of it is still there. */
  private boolean isSafe(RetryPolicy known) {
    if (!known.mayRepeat(exchange.isIdempotent())) {
      return false;
    }
    boolean whole = !exchange.hasBody() || (recorded != null && recorded.isWhole());
    if (!whole) {
      exchange.explanation().note("retry", "not sent again: its body was not kept");
    }
    return whole;
  }
}
