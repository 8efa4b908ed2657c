package io.wasmrunner.proxy;

import io.vertx.core.Future;

/** Carries requests to runners and answers back. Confined to its event loop. */
interface Forwarder {
  /** Answers the exchange, whatever happens. */
  void forward(Exchange exchange);

  /** The route table has changed. */
  default void routesChanged() {}

  /** Called about once a second. */
  default void sweep() {}

  /** New requests will not come; those that would never end by themselves are to end now. */
  default void drain() {}

  /** Frees what it holds. */
  Future<Void> close();
}
