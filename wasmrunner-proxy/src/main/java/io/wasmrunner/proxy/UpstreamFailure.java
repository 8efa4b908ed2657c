package io.wasmrunner.proxy;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;

/** What a client is told when a service fails. */
final class UpstreamFailure {
  private static final String LOGS =
      "Look at the logs and the last exit of the service's runners on the dashboard.";

  private UpstreamFailure() {}

  /** For a failure between the request sent and the head of the answer. */
  static Refusal noAnswer(Exchange exchange, Throwable cause) {
    return isLost(cause)
        ? Problem.RESET.because(
            exchange.route().service() + " closed the connection before it answered.", LOGS)
        : invalidAnswer(exchange);
  }

  /** Whether the connection ended, and not what it carried was wrong. */
  static boolean isLost(Throwable cause) {
    return cause instanceof IOException && !(cause.getCause() instanceof DecoderException);
  }

  static Refusal invalidAnswer(Exchange exchange) {
    return Problem.INVALID_ANSWER.because(
        exchange.route().service() + " answered with what is not valid HTTP/1.1.", LOGS);
  }

  static Refusal internal() {
    return Problem.INTERNAL.because("A fault of wasmrunner itself.", "The log has the details.");
  }

  static Refusal refused(Exchange exchange) {
    return Problem.REFUSED.because(
        "No runner of " + exchange.route().service() + " took the connection.",
        "The service may just be restarting: try again. If it stays so, look at its logs on the"
            + " dashboard.");
  }

  static Refusal notConnectedInTime(Exchange exchange) {
    return Problem.CONNECT_TIMEOUT.because(
        "No runner of " + exchange.route().service() + " took the connection in time.",
        "The service may be overloaded or hung: look at its runners on the dashboard, or raise"
            + " timeouts.connect in its service.json.");
  }

  static Refusal noFirstByte(Exchange exchange) {
    return Problem.FIRST_BYTE_TIMEOUT.because(
        exchange.route().service() + " did not begin its answer in time.",
        "If the service needs longer, raise timeouts.first_byte in its service.json.");
  }

  static Refusal tooLong(Exchange exchange) {
    return Problem.TOTAL_TIMEOUT.because(
        "The whole exchange with " + exchange.route().service() + " took longer than it may.",
        "If the service needs longer, raise timeouts.total in its service.json.");
  }

  static Refusal bodyStalled() {
    return Problem.CLIENT_TIMEOUT.because(
        "The rest of the request body did not arrive in time.",
        "Send the whole body, or raise timeouts.idle in the service's service.json.");
  }

  static Refusal bodyTooSlow(int bytesPerSecond) {
    return Problem.CLIENT_TIMEOUT.because(
        "The request body came with less than " + bytesPerSecond + " bytes a second.",
        "Send it without pauses, or lower server.min_body_rate.");
  }

  static Refusal noHealthyRunner(Exchange exchange) {
    return Problem.NO_HEALTHY_RUNNER.because(
        "No runner of " + exchange.route().service() + " can take requests now.",
        "Try again in a few seconds. If it stays so, look at the service on the dashboard: state,"
            + " last exit and logs of its runners.");
  }

  static Refusal circuitOpen(Exchange exchange, long nanosLeft) {
    return Problem.CIRCUIT_OPEN
        .because(
            "Too many of the last requests to " + exchange.route().service() + " failed.",
            "Try again after the time that Retry-After says. If it stays so, look at the service's"
                + " logs on the dashboard.")
        .with(Refusal.RETRY_AFTER, Math.max(1, (nanosLeft + 999_999_999) / 1_000_000_000));
  }

  static Refusal queueFull(Exchange exchange) {
    return Problem.QUEUE_FULL.because(
        "As many requests to "
            + exchange.route().service()
            + " are under way as may be, and as many wait.",
        "Try again later. If the service can do more, raise limits.max_concurrent_requests or"
            + " limits.queue_size in its service.json.");
  }

  static Refusal waitedTooLong(Exchange exchange) {
    return Problem.WAITED_TOO_LONG.because(
        "As many requests to "
            + exchange.route().service()
            + " are under way as may be, and none ended in time.",
        "Try again later. If the service can do more, raise limits.max_concurrent_requests in its"
            + " service.json.");
  }

  static Refusal busy(Exchange exchange) {
    return Problem.RUNNERS_BUSY.because(
        "All runners of "
            + exchange.route().service()
            + " have as many requests under way as they may.",
        "Try again. If it happens often, raise \"runners\" in the service's service.json.");
  }
}
