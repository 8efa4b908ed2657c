package io.wasmrunner.eventbus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.EventOccurred;
import io.wasmrunner.bus.RequestFailed;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.WasmrunnerException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus with types.
 *
 * <p>At most once: whoever depends on an event asks for the snapshot after subscribing, and trusts
 * the revision. A request always ends: with the answer, with {@link RequestFailedException}, or
 * with a time-out failure. Thread-safe; handlers run on the context of the verticle that registered
 * them.
 */
public final class Bus {
  /** A request without an answer fails after this time. */
  public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

  private final EventBus events;

  private Bus(EventBus events) {
    this.events = events;
  }

  /** The bus of this Vert.x; any number of callers share its one codec. */
  public static Bus of(Vertx vertx) {
    EventBus events = vertx.eventBus();
    synchronized (events) {
      try {
        events.registerCodec(new BusCodec());
        events.codecSelector(body -> body instanceof BusMessage ? BusCodec.NAME : "");
      } catch (IllegalStateException registeredBefore) {
        LOG.trace("the codec is registered already");
      }
    }
    return new Bus(events);
  }

  /** Tells everyone who subscribed to the address. */
  public void publish(String address, BusMessage message) {
    events.publish(address, message, options(REQUEST_TIMEOUT));
  }

  /** Tells everyone that something happened. */
  public void announce(SystemEvent event) {
    publish(BusAddress.EVENT_OCCURRED, new EventOccurred(event));
  }

  /** Hears what is published on the address. */
  public <T extends BusMessage> MessageConsumer<BusMessage> subscribe(
      String address, Class<T> type, Consumer<T> handler) {
    return events.consumer(address, message -> handler.accept(type.cast(message.body())));
  }

  /** Answers requests on the address; a failed future or an exception reaches the asker. */
  public <Q extends BusMessage> MessageConsumer<BusMessage> serve(
      String address, Class<Q> type, Function<Q, Future<? extends BusMessage>> handler) {
    return events.consumer(
        address,
        message -> {
          Future<? extends BusMessage> answer;
          try {
            answer = handler.apply(type.cast(message.body()));
          } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
          }
          answer.onComplete(
              done -> message.reply(done, options(REQUEST_TIMEOUT)),
              failed -> message.reply(failure(address, failed), options(REQUEST_TIMEOUT)));
        });
  }

  /** Asks whoever serves the address. */
  public <R extends BusMessage> Future<R> request(
      String address, BusMessage question, Class<R> type) {
    return request(address, question, type, REQUEST_TIMEOUT);
  }

  /** Asks whoever serves the address, and waits no longer than the time-out. */
  public <R extends BusMessage> Future<R> request(
      String address, BusMessage question, Class<R> type, Duration timeout) {
    return events
        .<BusMessage>request(address, question, options(timeout))
        .compose(
            message -> {
              BusMessage body = message.body();
              if (body instanceof RequestFailed failed) {
                return Future.failedFuture(
                    new RequestFailedException(
                        failed.reason(), failed.code(), failed.message(), failed.advice()));
              }
              return Future.succeededFuture(type.cast(body));
            },
            noAnswer ->
                Future.failedFuture(
                    new RequestFailedException(
                        RequestFailed.Reason.UNAVAILABLE,
                        "WR-1901",
                        "no answer on " + address + ": " + noAnswer.getMessage(),
                        "Wait until the start has finished, then look for an earlier error in the"
                            + " log.")));
  }

  private static RequestFailed failure(String address, Throwable cause) {
    if (cause instanceof RequestFailedException failed) {
      return new RequestFailed(
          failed.code(), String.valueOf(failed.getMessage()), failed.advice(), failed.reason());
    }
    LOG.error("request on {} failed", address, cause);
    if (cause instanceof WasmrunnerException known) {
      return new RequestFailed(
          known.code(),
          String.valueOf(known.getMessage()),
          known.advice(),
          RequestFailed.Reason.INTERNAL);
    }
    return new RequestFailed(
        "WR-1902",
        "internal error on " + address,
        "The log has the details.",
        RequestFailed.Reason.INTERNAL);
  }

  private static DeliveryOptions options(Duration timeout) {
    return new DeliveryOptions().setCodecName(BusCodec.NAME).setSendTimeout(timeout.toMillis());
  }
}
