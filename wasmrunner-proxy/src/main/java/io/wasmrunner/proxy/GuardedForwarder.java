package io.wasmrunner.proxy;

import io.vertx.core.Future;

/** Lets requests ask the guard of their service first, if it wants to be asked. */
final class GuardedForwarder implements Forwarder {
  private final Forwarder forwarder;

  GuardedForwarder(Forwarder forwarder) {
    this.forwarder = forwarder;
  }

  @Override
  public void forward(Exchange exchange) {
    Guard guard = exchange.route().guard();
    if (guard.asksRequests()) {
      new Leave(exchange, guard, forwarder).start();
    } else {
      forwarder.forward(exchange);
    }
  }

  @Override
  public void routesChanged() {
    forwarder.routesChanged();
  }

  @Override
  public void sweep() {
    forwarder.sweep();
  }

  @Override
  public void drain() {
    forwarder.drain();
  }

  @Override
  public Future<Void> close() {
    return forwarder.close();
  }
}
