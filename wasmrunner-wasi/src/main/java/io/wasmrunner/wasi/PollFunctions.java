package io.wasmrunner.wasi;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code poll_oneoff}: level-triggered, one event per subscription. {@code epoll_oneoff} is the
 * same: WasmEdge asks the system for edges there, but arms every subscription anew in each call,
 * and so reports what is ready again and again. Guests rely on that, as they do not read to the
 * end.
 */
final class PollFunctions {
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int MAX_SUBSCRIPTIONS = 1 << 16;

  private static final int CLOCK = 0;
  private static final int FD_READ = 1;
  private static final int FD_WRITE = 2;
  private static final int ABSOLUTE = 1;
  private static final int HANGUP = 1;

  static final List<WasiFunction> ALL =
      List.of(
          new WasiFunction("poll_oneoff", "iiii:i", PollFunctions::poll),
          new WasiFunction("epoll_oneoff", "iiii:i", PollFunctions::poll));

  private PollFunctions() {}

  private static Errno poll(WasiHost host, long[] a) {
    int in = (int) a[0];
    int out = (int) a[1];
    int n = (int) a[2];
    if (n <= 0 || n > MAX_SUBSCRIPTIONS) {
      return Errno.INVAL;
    }
    host.memory().check(in, n * SUBSCRIPTION_BYTES);
    host.memory().check(out, n * EVENT_BYTES);
    host.memory().check((int) a[3], 4);
    long start = System.nanoTime();
    int events;
    do {
      host.poller().begin();
      long wait = arm(host, in, n, start);
      host.poller().select(wait);
      events = collect(host, in, out, n, start);
    } while (events == 0);
    host.memory().putI32((int) a[3], events);
    return Errno.SUCCESS;
  }

  /** Has everything watched, and returns how long the selector may wait. */
  private static long arm(WasiHost host, int in, int n, long start) {
    ByteBuffer memory = host.memory().buffer;
    long wait = Poller.FOREVER;
    for (int at = in; at < in + n * SUBSCRIPTION_BYTES; at += SUBSCRIPTION_BYTES) {
      int tag = memory.get(at + 8);
      if (tag == CLOCK) {
        wait = Math.min(wait, nanosLeft(host, memory, at, start));
      } else if (tag == FD_READ || tag == FD_WRITE) {
        Descriptor descriptor = host.descriptors().find(memory.getInt(at + 16));
        int op = tag == FD_READ ? Descriptor.READ : Descriptor.WRITE;
        if (descriptor == null || descriptor.readyAtOnce(op)) {
          wait = 0;
        } else {
          descriptor.arm(op);
        }
      } else {
        throw Errno.INVAL.exception();
      }
    }
    return wait;
  }

  /** Writes an event for every subscription that has one, and returns their number. */
  private static int collect(WasiHost host, int in, int out, int n, long start) {
    ByteBuffer memory = host.memory().buffer;
    int round = host.poller().round();
    int events = 0;
    for (int at = in; at < in + n * SUBSCRIPTION_BYTES; at += SUBSCRIPTION_BYTES) {
      int tag = memory.get(at + 8);
      Errno error = Errno.SUCCESS;
      boolean hungUp = false;
      if (tag == CLOCK) {
        if (nanosLeft(host, memory, at, start) > 0) {
          continue;
        }
        error = knownClock(memory.getInt(at + 16)) ? Errno.SUCCESS : Errno.INVAL;
      } else {
        Descriptor descriptor = host.descriptors().find(memory.getInt(at + 16));
        error = fault(descriptor, tag, round);
        if (descriptor != null && error == Errno.SUCCESS) {
          if (!descriptor.ready(tag == FD_READ ? Descriptor.READ : Descriptor.WRITE)) {
            continue;
          }
          hungUp = descriptor.hungUp();
        }
      }
      int event = out + events++ * EVENT_BYTES;
      memory.putLong(event, memory.getLong(at));
      memory.putLong(event + 8, error.code() | (long) tag << 16);
      memory.putLong(event + 16, tag == CLOCK || hungUp || error != Errno.SUCCESS ? 0 : 1);
      memory.putLong(event + 24, hungUp ? HANGUP : 0);
    }
    return events;
  }

  private static Errno fault(@Nullable Descriptor descriptor, int tag, int round) {
    if (descriptor == null) {
      return Errno.BADF;
    }
    boolean first =
        descriptor.firstInPoll(round, tag == FD_READ ? Descriptor.READ : Descriptor.WRITE);
    return first ? Errno.SUCCESS : Errno.EXIST;
  }

  private static boolean knownClock(int clock) {
    return clock == ProcessFunctions.CLOCK_REALTIME || clock == ProcessFunctions.CLOCK_MONOTONIC;
  }

  private static long nanosLeft(WasiHost host, ByteBuffer memory, int at, long start) {
    int clock = memory.getInt(at + 16);
    long timeout = memory.getLong(at + 24);
    if (!knownClock(clock)) {
      return 0;
    }
    if (timeout < 0) { // unsigned: centuries
      return Poller.FOREVER;
    }
    if ((memory.getShort(at + 40) & ABSOLUTE) == 0) {
      return Math.max(0, timeout - (System.nanoTime() - start));
    }
    long now =
        clock == ProcessFunctions.CLOCK_REALTIME
            ? ProcessFunctions.realtime(host)
            : ProcessFunctions.monotonic();
    return Math.max(0, timeout - now);
  }
}
