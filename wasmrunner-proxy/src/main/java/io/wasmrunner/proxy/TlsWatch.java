package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files for TLS every two seconds and puts what is new into use for new connections,
 * once it is whole; those that are open stay as they are. What cannot be used is told, and what was
 * in use stays so. Its methods are called in turn.
 */
final class TlsWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
  private static final long LOOK_MILLIS = 2_000;

  private final Vertx vertx;
  private final Bus bus;
  private final Clock clock;
  private final Function<TlsMaterial, Future<?>> use;
  private TlsMaterial used;
  private String fault = "";
  private boolean told;
  private boolean looking;
  private @Nullable Long timer;

  TlsWatch(
      Vertx vertx, Bus bus, Clock clock, TlsMaterial used, Function<TlsMaterial, Future<?>> use) {
    this.vertx = vertx;
    this.bus = bus;
    this.clock = clock;
    this.used = used;
    this.use = use;
  }

  void start() {
    timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
  }

  void stop() {
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    vertx
        .executeBlocking(this::read)
        .compose(found -> found.equals(used) ? Future.succeededFuture() : replace(found))
        .onComplete(
            looked -> {
              looking = false;
              fault = "";
              told = false;
            },
            cause -> {
              looking = false;
              failed(cause);
            });
  }

  private TlsMaterial read() throws Exception {
    TlsMaterial found = TlsMaterial.read(used.files());
    if (!found.equals(used)) {
      Instant end = found.check(vertx, clock.instant());
      LOG.info("a new certificate, good until {}", end);
    }
    return found;
  }

  private Future<?> replace(TlsMaterial found) {
    return use.apply(found)
        .onSuccess(
            done -> {
              used = found;
              tell(
                  Severity.INFO,
                  "tls.reloaded",
                  "new connections get the certificate that is now in "
                      + found.files().certificates());
            });
  }

  /** Tells what is wrong for the second time: two files do not change in one moment. */
  private void failed(Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    if (!reason.equals(fault)) {
      fault = reason;
      told = false;
    } else if (!told) {
      told = true;
      LOG.warn("WR-3004: the new certificate or key cannot be used", cause);
      tell(
          Severity.WARNING,
          "tls.refused",
          "WR-3004: the new certificate or key cannot be used ("
              + reason
              + "); the old one stays in use");
    }
  }

  private void tell(Severity severity, String kind, String message) {
    bus.announce(
        new SystemEvent(
            clock.instant(), severity, kind, Optional.empty(), Optional.empty(), message));
  }
}
