package io.wasmrunner.wasi;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guest's descriptors by number; the lowest free number is given first. */
final class DescriptorTable {
  private static final Logger log = LoggerFactory.getLogger(DescriptorTable.class);
  private static final int STANDARD_STREAMS = 3;

  private final int limit;
  private final DescriptorBudget budget;
  private final LongSupplier hostCalls;
  private @Nullable Descriptor[] slots = new @Nullable Descriptor[16];
  private int lowestFree;
  private volatile int open;
  private volatile long refusals;
  private @Nullable Refusal lastRefusal;

  DescriptorTable(int limit, DescriptorBudget budget, LongSupplier hostCalls) {
    this.limit = limit;
    this.budget = budget;
    this.hostCalls = hostCalls;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the guest's thread alone
  int add(Descriptor descriptor) {
    int fd = freeNumber();
    slots[fd] = descriptor;
    lowestFree = fd + 1;
    open++;
    if (counted(descriptor)) {
      budget.take();
    }
    return fd;
  }

  /** Fails when {@link #add} would. */
  void requireFree() {
    freeNumber();
  }

  private int freeNumber() {
    int fd = lowestFree;
    while (fd < slots.length && slots[fd] != null) {
      fd++;
    }
    lowestFree = fd;
    if (fd >= limit) {
      refuse("it wanted more than the " + limit + " descriptors that it may have open");
      throw Errno.MFILE.exception();
    }
    if (fd >= STANDARD_STREAMS && budget.exhausted()) {
      refuse("all guests together have " + budget.limit() + " descriptors open, as many as may be");
      throw Errno.NFILE.exception();
    }
    if (fd == slots.length) {
      slots = Arrays.copyOf(slots, fd * 2);
    }
    return fd;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void refuse(String what) {
    refusals++;
    lastRefusal = new Refusal(what, hostCalls.getAsLong(), System.nanoTime());
  }

  /** Standard streams are none of the system's, as far as the guest is concerned. */
  private static boolean counted(Descriptor descriptor) {
    return descriptor.filetype() != Descriptor.CHARACTER_DEVICE;
  }

  /** Descriptors that were refused. Any thread. */
  long refusals() {
    return refusals;
  }

  /** The last one that was refused. */
  Optional<Refusal> lastRefusal() {
    return Optional.ofNullable(lastRefusal);
  }

  @Nullable Descriptor find(int fd) {
    return fd >= 0 && fd < slots.length ? slots[fd] : null;
  }

  Descriptor require(int fd) {
    Descriptor descriptor = find(fd);
    if (descriptor == null) {
      throw Errno.BADF.exception();
    }
    return descriptor;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  void close(int fd) throws IOException {
    Descriptor descriptor = require(fd);
    slots[fd] = null;
    lowestFree = Math.min(lowestFree, fd);
    open--;
    if (counted(descriptor)) {
      budget.give();
    }
    descriptor.close();
  }

  /** Moves a descriptor to the number of another, which is closed. */
  void renumber(int from, int to) throws IOException {
    Descriptor moved = require(from);
    require(to);
    if (from != to) {
      close(to);
      slots[to] = moved;
      slots[from] = null;
      lowestFree = Math.min(lowestFree, from);
    }
  }

  int open() {
    return open;
  }

  /** The socket that is bound to this channel. */
  Optional<StreamSocket> boundTo(ServerSocketChannel channel) {
    for (Descriptor descriptor : slots) {
      if (descriptor instanceof StreamSocket socket && socket.bound(channel)) {
        return Optional.of(socket);
      }
    }
    return Optional.empty();
  }

  void closeAll() {
    for (int fd = 0; fd < slots.length; fd++) {
      if (slots[fd] != null) {
        try {
          close(fd);
        } catch (IOException | RuntimeException e) {
          log.debug("Descriptor {} did not close", fd, e);
        }
      }
    }
  }
}
