package io.wasmrunner.scheduler;

/**
 * A subscriber of a queue.
 *
 * @param id its identity in the store
 * @param key what it is
 */
record Subscription(long id, Key key) {
  /**
   * What makes a subscription.
   *
   * @param queue name of the queue
   * @param service name of the service
   * @param path path that gets the messages
   */
  record Key(String queue, String service, String path) {
    /** {@code service/path}, as lists show it. */
    String subscriber() {
      return service + path;
    }
  }
}
