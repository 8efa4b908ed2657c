package io.wasmrunner.scheduler;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.BusMessage;
import io.wasmrunner.bus.EventOccurred;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.SystemEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events that were announced and wait to be kept. Made before the scheduler is deployed, it holds
 * what the other parts announce meanwhile. Beyond the bound the newest are dropped and counted.
 * Thread-safe.
 */
public final class EventInbox {
  /** Most events that wait. */
  static final int BOUND = 4_096;

  /** Most characters of a message that are kept. */
  static final int LONGEST_MESSAGE = 4_000;

  private final BlockingQueue<SystemEvent> waiting = new ArrayBlockingQueue<>(BOUND);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private final Context context;
  private final MessageConsumer<BusMessage> consumer;
  private volatile Runnable arrival = () -> {};

  private EventInbox(Vertx vertx) {
    context = vertx.getOrCreateContext(); // the consumer's, too
    consumer =
        Bus.of(vertx)
            .subscribe(BusAddress.EVENT_OCCURRED, EventOccurred.class, one -> add(one.event()));
  }

  /** An inbox that listens from now on. */
  public static EventInbox of(Vertx vertx) {
    return new EventInbox(vertx);
  }

  /** Calls this when events come after the last {@link #take}, on the thread that brings them. */
  void onArrival(Runnable call) {
    arrival = call;
    if (!waiting.isEmpty()) {
      call.run();
    }
  }

  /** Hands over the events that came first. */
  List<SystemEvent> take(int most) {
    told.set(false);
    List<SystemEvent> taken = new ArrayList<>();
    waiting.drainTo(taken, most);
    return taken;
  }

  /** Events that wait. */
  int size() {
    return waiting.size();
  }

  /** Events dropped since the last call. */
  long takeDropped() {
    return dropped.getAndSet(0);
  }

  /** Hears no more, once what was announced before has come. */
  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(come -> consumer.unregister().onComplete(closed));
    return closed.future();
  }

  private void add(SystemEvent event) {
    if (!waiting.offer(shortened(event))) {
      dropped.incrementAndGet();
    } else if (told.compareAndSet(false, true)) {
      arrival.run();
    }
  }

  private static SystemEvent shortened(SystemEvent event) {
    if (event.message().length() <= LONGEST_MESSAGE) {
      return event;
    }
    return new SystemEvent(
        event.at(),
        event.severity(),
        event.kind(),
        event.service(),
        event.runner(),
        event.message().substring(0, LONGEST_MESSAGE) + "…");
  }
}
