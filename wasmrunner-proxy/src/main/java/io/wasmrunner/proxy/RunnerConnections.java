package io.wasmrunner.proxy;

import io.vertx.core.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one generation of a runner: bounded, reused last in first
 * out, with a bounded queue in front. Confined to its event loop.
 *
 * <p>A pool per generation, not per address: a port goes from generation to generation, and nothing
 * may reach the old one once the new one is in the table.
 */
final class RunnerConnections {
  private final RunnerDialer dialer;
  private final SocketAddress target;
  private final int maxOpen;
  private final int maxWaiting;
  private final LongSupplier now;
  private final Deque<RunnerConnection> idle = new ArrayDeque<>();
  private final Deque<Ticket> waiting = new ArrayDeque<>();
  private int open;
  private boolean retired;

  RunnerConnections(
      RunnerDialer dialer, SocketAddress target, int maxOpen, int maxWaiting, LongSupplier now) {
    this.dialer = dialer;
    this.target = target;
    this.maxOpen = maxOpen;
    this.maxWaiting = maxWaiting;
    this.now = now;
  }

  /** Who wants a connection; exactly one of the two is called, unless the ticket is cancelled. */
  interface Taker {
    /** Here it is. */
    void connected(RunnerConnection connection);

    /** There will be none. */
    void notConnected(Failure failure, @Nullable Throwable cause);
  }

  /** Why there is no connection. */
  enum Failure {
    /** All connections are in use and the queue is full. */
    BUSY,
    /** The runner did not take it. */
    REFUSED,
    /** This generation of the runner is not in the table any more. */
    RETIRED
  }

  /** A wish for a connection. */
  final class Ticket {
    private @Nullable Taker taker;

    private Ticket(Taker taker) {
      this.taker = taker;
    }

    /**
     * Asks for it; the answer may come before this returns.
     *
     * @param fresh whether it must be one that no request went over
     */
    void present(boolean fresh) {
      acquire(this, fresh);
    }

    /** Whether it waits because all connections are in use. */
    boolean isQueued() {
      return waiting.contains(this);
    }

    /** Takes it back. */
    void cancel() {
      taker = null;
      waiting.remove(this);
    }

    private void give(RunnerConnection connection) {
      Taker taken = taker;
      taker = null;
      if (taken != null) {
        taken.connected(connection);
      }
    }

    private void fail(Failure failure, @Nullable Throwable cause) {
      Taker taken = taker;
      taker = null;
      if (taken != null) {
        taken.notConnected(failure, cause);
      }
    }
  }

  /** A wish that has not been presented. */
  Ticket ticket(Taker taker) {
    return new Ticket(taker);
  }

  private void acquire(Ticket ticket, boolean fresh) {
    RunnerConnection ready = fresh ? null : idle.pollLast();
    while (ready != null && !ready.isOpen()) {
      ready.discard(); // Mostly it closes, and is about to say so.
      ready = idle.pollLast();
    }
    if (ready != null) {
      ticket.give(ready);
    } else if (retired) {
      ticket.fail(Failure.RETIRED, null);
    } else if (open < maxOpen) {
      connect(ticket);
    } else if (fresh && !idle.isEmpty()) {
      // Its close handler starts the next connection for the first who waits.
      waiting.addFirst(ticket);
      idle.removeFirst().discard();
    } else if (waiting.size() < maxWaiting) {
      waiting.addLast(ticket);
    } else {
      ticket.fail(Failure.BUSY, null);
    }
  }

  /** Takes a connection back after a whole exchange. */
  void release(RunnerConnection connection) {
    if (!connection.isOpen()) {
      connection.discard();
      return;
    }
    connection.markIdle(now.getAsLong());
    if (retired) {
      connection.discard();
      return;
    }
    Ticket next = waiting.pollFirst();
    if (next != null) {
      next.give(connection);
    } else {
      idle.addLast(connection);
    }
  }

  /** Closes connections that have not been used for so long. */
  void closeIdle(long nanos) {
    RunnerConnection oldest = idle.peekFirst();
    while (oldest != null && now.getAsLong() - oldest.idleSince() > nanos) {
      idle.removeFirst();
      oldest.discard();
      oldest = idle.peekFirst();
    }
  }

  /** Closes what is unused now, and the rest after use; gives out nothing more. */
  void retire() {
    retired = true;
    while (!idle.isEmpty()) {
      idle.removeFirst().discard();
    }
    while (!waiting.isEmpty()) {
      waiting.removeFirst().fail(Failure.RETIRED, null);
    }
  }

  private void connect(Ticket ticket) {
    open++;
    dialer.dial(
        this,
        target,
        connection -> opened(ticket, connection),
        cause -> failedToOpen(ticket, cause));
  }

  private void opened(Ticket ticket, RunnerConnection connection) {
    if (retired) {
      connection.discard();
      ticket.fail(Failure.RETIRED, null);
    } else if (ticket.taker != null) {
      ticket.give(connection);
    } else {
      // Nobody waits for it any more. It is unused all the same.
      Ticket next = waiting.pollFirst();
      if (next != null) {
        next.give(connection);
      } else {
        connection.discard();
      }
    }
  }

  private void failedToOpen(Ticket ticket, Throwable cause) {
    open--;
    ticket.fail(Failure.REFUSED, cause);
    connectNext();
  }

  /** A connection that was open has closed. */
  void closed(RunnerConnection connection) {
    open--;
    idle.remove(connection);
    connectNext();
  }

  private void connectNext() {
    if (!retired && open < maxOpen) {
      Ticket next = waiting.pollFirst();
      if (next != null) {
        connect(next);
      }
    }
  }
}
