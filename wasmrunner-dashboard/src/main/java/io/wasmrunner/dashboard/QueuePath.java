package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;

/**
 * A queue in a path. Names may hold slashes, encoded or not, so the path is split before it is
 * decoded: {@code queues/a/b/deliveries} is about the queue {@code a/b}, {@code
 * queues/a%2Fdeliveries} about {@code a/deliveries}.
 *
 * @param name name of the queue
 * @param deliveries whether its deliveries are meant
 */
record QueuePath(String name, boolean deliveries) {
  private static final String DELIVERIES = "/deliveries";

  static QueuePath of(RoutingContext context, String root) {
    String rest = context.normalizedPath().substring(root.length());
    boolean deliveries = rest.endsWith(DELIVERIES) && rest.length() > DELIVERIES.length();
    return new QueuePath(
        name(deliveries ? rest.substring(0, rest.length() - DELIVERIES.length()) : rest),
        deliveries);
  }

  /** A decoded, trimmed name. */
  static String name(String encoded) {
    String name = Paths.decode(encoded).strip();
    if (name.isEmpty() || name.codePoints().anyMatch(Character::isISOControl)) {
      throw Problem.invalidQueueName();
    }
    return name;
  }
}
