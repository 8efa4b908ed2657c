package io.wasmrunner.proxy;

import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;

/** The header a client gets. */
final class AnswerHeaders {
  /** Tells which runner answered: {@code service/index}. */
  static final CharSequence RUNNER = HttpHeaders.createOptimized("X-Wasmrunner-Runner");

  private AnswerHeaders() {}

  /**
   * Whether a field of a runner's answer goes on to the client.
   *
   * @param named fields its Connection field names, in lower case
   */
  static boolean passes(String name, Set<String> named) {
    return !HopHeaders.is(name)
        && !(name.length() == 19 && name.equalsIgnoreCase("x-wasmrunner-runner"))
        && (named.isEmpty() || !named.contains(name.toLowerCase(Locale.ROOT)));
  }
}
