package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.model.WasmrunnerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the store fails, and once that it works again. Belongs to one context. */
final class StoreAlarm {
  private static final Logger LOG = LoggerFactory.getLogger(StoreAlarm.class);

  private final Events events;
  private boolean failing;

  StoreAlarm(Events events) {
    this.events = events;
  }

  /** Notices how a write ended. */
  <T> Future<T> watch(Future<T> write) {
    return write.onSuccess(written -> works()).onFailure(this::fails);
  }

  private void works() {
    if (failing) {
      failing = false;
      events.tell(Severity.INFO, "store.recovered", "the store works again");
    }
  }

  private void fails(Throwable cause) {
    boolean refused =
        cause instanceof StoreException known
            && (known.code().equals(StoreException.CLOSED)
                || known.code().equals(StoreException.OVERLOADED));
    if (failing || refused) {
      return;
    }
    failing = true;
    LOG.debug("the store fails", cause);
    events.tell(
        Severity.ERROR,
        "store.failed",
        cause instanceof WasmrunnerException known ? known.explain() : String.valueOf(cause));
  }
}
