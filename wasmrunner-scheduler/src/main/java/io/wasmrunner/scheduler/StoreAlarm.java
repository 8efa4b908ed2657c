package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.model.WasmrunnerException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the store fails, and once that it works again. Belongs to one context. */
final class StoreAlarm {
  private static final Logger LOG = LoggerFactory.getLogger(StoreAlarm.class);

  private final Bus bus;
  private final Clock clock;
  private boolean failing;

  StoreAlarm(Bus bus, Clock clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /** Notices how a write ended. */
  <T> Future<T> watch(Future<T> write) {
    return write.onSuccess(written -> works()).onFailure(this::fails);
  }

  private void works() {
    if (failing) {
      failing = false;
      LOG.info("the store works again");
      announce(Severity.INFO, "store.recovered", "the store works again");
    }
  }

  private void fails(Throwable cause) {
    boolean stopping =
        cause instanceof StoreException known && known.code().equals(StoreException.CLOSED);
    if (failing || stopping) {
      return;
    }
    failing = true;
    String what =
        cause instanceof WasmrunnerException known ? known.explain() : String.valueOf(cause);
    LOG.error("the store fails: {}", what, cause);
    announce(Severity.ERROR, "store.failed", what);
  }

  private void announce(Severity severity, String kind, String message) {
    bus.announce(
        new SystemEvent(
            clock.instant(), severity, kind, Optional.empty(), Optional.empty(), message));
  }
}
