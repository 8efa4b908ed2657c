package io.wasmrunner.wasi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one place where a guest waits. Channels stay registered, and an interest that a wait does not
 * ask for is only taken back when it fires: between two waits nothing changes, so nothing is told
 * to the system. Used by the guest's thread, but for {@link #submit} and {@link #wakeup}.
 */
final class Poller implements AutoCloseable {
  /** A wait without end. */
  static final long FOREVER = Long.MAX_VALUE;

  private final Selector selector;
  private final Consumer<SelectionKey> onReady = this::onReady;
  private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private int round;

  Poller() throws IOException {
    selector = Selector.open();
  }

  /** A channel's place in the selector. */
  static final class Watch {
    private final SelectionKey key;
    private int interest;
    private int round;
    private int wanted;
    private int ready;

    private Watch(SelectionKey key) {
      this.key = key;
    }

    /** What the last wait found of what it was asked for. */
    int ready() {
      return ready;
    }

    /** Takes an interest back now: one that has become meaningless would fire for ever. */
    void disarm(int ops) {
      interest(interest & ~ops);
    }

    /** Takes the channel out of the selector; {@link #flush} makes it so. */
    void cancel() {
      key.cancel();
    }

    private void interest(int ops) {
      if (interest != ops) {
        interest = ops;
        key.interestOps(ops);
      }
    }
  }

  Watch register(SelectableChannel channel) {
    try {
      SelectionKey key = channel.register(selector, 0);
      Watch watch = new Watch(key);
      key.attach(watch);
      return watch;
    } catch (ClosedChannelException e) {
      throw Errno.BADF.exception();
    }
  }

  /** Starts a wait; {@link #want} says for what, {@link #select} waits. */
  void begin() {
    round++;
  }

  /** Number of the wait that {@link #begin} started. */
  int round() {
    return round;
  }

  void want(Watch watch, int ops) {
    if (watch.round != round) {
      watch.round = round;
      watch.wanted = 0;
      watch.ready = 0;
    }
    watch.wanted |= ops;
    watch.interest(watch.interest | ops);
  }

  /**
   * Waits until something wanted may be ready, {@link #wakeup} was called, or the time is over; 0
   * only looks. May also return early.
   */
  void select(long nanos) {
    stopIfInterrupted();
    doSelect(nanos);
    stopIfInterrupted();
    runErrands();
  }

  private boolean runErrands() {
    boolean ran = false;
    for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
      errand.run();
      ran = true;
    }
    return ran;
  }

  private void doSelect(long nanos) {
    try {
      if (nanos <= 0) {
        selector.selectNow(onReady);
      } else if (nanos == FOREVER) {
        selector.select(onReady);
      } else {
        selector.select(onReady, TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The guest's selector failed", e);
    }
  }

  private void onReady(SelectionKey key) {
    Watch watch = (Watch) key.attachment();
    int wanted = watch.round == round ? watch.wanted : 0;
    int ready = key.readyOps();
    watch.ready |= ready & wanted;
    if ((ready & ~wanted) != 0) {
      watch.interest(watch.interest & wanted);
    }
  }

  /**
   * Waits for one channel; false when the time is over. May return early, so that the caller looks
   * whether it still waits for the right one.
   */
  boolean await(Watch watch, int ops, long nanos) {
    long start = System.nanoTime();
    while (true) {
      long left = nanos == FOREVER ? FOREVER : nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return false;
      }
      begin();
      want(watch, ops);
      stopIfInterrupted();
      doSelect(left);
      stopIfInterrupted();
      if (runErrands() || watch.ready != 0) {
        return true;
      }
    }
  }

  /** Lets go of what closed channels still hold of the system. */
  void flush() {
    begin();
    doSelect(0); // also while the guest is being stopped
  }

  /**
   * Has the guest's thread do something for the host the next time it waits; after {@link #close}
   * nothing is done any more. Any thread.
   */
  void submit(Runnable errand) {
    errands.add(errand);
    selector.wakeup();
  }

  /** Ends the wait that is under way, or the next one. Any thread. */
  void wakeup() {
    selector.wakeup();
  }

  static void stopIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new GuestStoppedException();
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
