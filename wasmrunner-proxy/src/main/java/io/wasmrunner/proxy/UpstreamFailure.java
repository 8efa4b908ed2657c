package io.wasmrunner.proxy;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;

/** What a client is told when a runner fails. */
final class UpstreamFailure {
  private static final String LOGS =
      "Look at the logs and the last exit of the service's runners on the dashboard.";

  private UpstreamFailure() {}

  /** For a failure before the head of the answer. */
  static Refusal refusal(Exchange exchange, Throwable cause) {
    boolean closed = cause instanceof HttpClosedException || cause instanceof IOException;
    boolean unreadable =
        cause instanceof DecoderException
            || cause instanceof TooLongFrameException
            || cause instanceof IllegalArgumentException
            || cause instanceof IllegalStateException;
    return unreadable || !closed ? invalidAnswer(exchange) : reset(exchange);
  }

  static Refusal reset(Exchange exchange) {
    return Problem.RESET.because(
        exchange.route().service() + " closed the connection before it answered.", LOGS);
  }

  static Refusal invalidAnswer(Exchange exchange) {
    return Problem.INVALID_ANSWER.because(
        exchange.route().service() + " answered with what is not valid HTTP/1.1.", LOGS);
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
}
