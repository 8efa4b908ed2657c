package io.wasmrunner.proxy;

import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.UpstreamSuspected;
import io.wasmrunner.eventbus.Bus;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the runtime about runners that take no connections, at most once a second each. */
final class Suspicions {
  private static final Logger LOG = LoggerFactory.getLogger(Suspicions.class);
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final Bus bus;
  private final LongSupplier ticker;

  Suspicions(Bus bus, LongSupplier ticker) {
    this.bus = bus;
    this.ticker = ticker;
  }

  void tell(LiveUpstream upstream, String reason) {
    if (upstream.maySuspect(ticker.getAsLong(), PAUSE_NANOS)) {
      LOG.warn("{}: {}", upstream, reason);
      bus.publish(
          BusAddress.UPSTREAM_SUSPECTED,
          new UpstreamSuspected(upstream.id(), upstream.generation(), reason));
    }
  }
}
