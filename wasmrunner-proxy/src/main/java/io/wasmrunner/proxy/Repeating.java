package io.wasmrunner.proxy;

import io.vertx.core.http.HttpHeaders;
import io.wasmrunner.proxy.resilience.Outcome;
import io.wasmrunner.proxy.resilience.RetryPolicy;
import io.wasmrunner.proxy.resilience.RetryPolicy.Decision;
import org.jspecify.annotations.Nullable;

/** Whether a request may be sent once more. */
final class Repeating {
  private Repeating() {}

  /** Whether a body may be needed again and is not known to be too large for that. */
  static boolean isBodyWorthKeeping(Exchange exchange, RetryPolicy policy) {
    if (!policy.mayRepeat(exchange.isIdempotent())
        || RequestBody.isAwaitingLeave(exchange.request())) {
      return false;
    }
    String length = exchange.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null || Long.parseLong(length) <= policy.bodyBytes();
    } catch (NumberFormatException beyondAllBounds) {
      return false;
    }
  }

  /** Whether it does no harm although a runner may have seen it, and all of it is still there. */
  static boolean isSafe(Exchange exchange, RetryPolicy policy, @Nullable RecordedBody recorded) {
    if (!policy.mayRepeat(exchange.isIdempotent())) {
      return false;
    }
    boolean whole = !exchange.hasBody() || (recorded != null && recorded.isWhole());
    if (!whole) {
      exchange.explanation().note("retry", "not sent again: its body was not kept");
    }
    return whole;
  }

  /** Whether the service wants it sent again; if so, that is counted. */
  static boolean isDue(
      Exchange exchange, RetryPolicy policy, Outcome failure, int retriesSoFar, long now) {
    Decision decision = policy.decide(failure, retriesSoFar, now);
    switch (decision) {
      case RETRY -> exchange.explanation().note("retry", "sent again after " + failure);
      case NO_BUDGET -> exchange.explanation().note("retry", "not sent again: no budget left");
      case TOO_OFTEN -> exchange.explanation().note("retry", "not sent again: tried often enough");
      case OTHER_FAILURE -> {}
    }
    return decision == Decision.RETRY;
  }
}
