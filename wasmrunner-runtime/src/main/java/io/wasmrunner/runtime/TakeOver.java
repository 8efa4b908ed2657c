package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives the public listener of a runner's port to the next generation. First both accept from it,
 * then the old one lets go: there is no moment in which nobody does, and no connection is refused.
 */
final class TakeOver {
  /**
   * A new generation that computes this long without waiting does not take over; an old one is left
   * behind as it is.
   */
  private static final int WITHIN_SECONDS = 5;

  private final EmbeddedRunner next;
  private final Optional<EmbeddedRunner> predecessor;

  TakeOver(EmbeddedRunner next, Optional<EmbeddedRunner> predecessor) {
    this.next = next;
    this.predecessor = predecessor;
  }

  CompletionStage<Void> run() {
    Optional<ServerSocketChannel> inner = next.network().own();
    if (inner.isEmpty()) {
      return CompletableFuture.failedFuture(new IOException("it does not listen any more"));
    }
    Optional<ServerSocketChannel> shared =
        predecessor.flatMap(old -> old.network().own()).filter(ServerSocketChannel::isOpen);
    return shared.isPresent()
        ? share(inner.get(), shared.get(), predecessor.orElseThrow())
        : open(inner.get());
  }

  private CompletionStage<Void> share(
      ServerSocketChannel inner, ServerSocketChannel shared, EmbeddedRunner old) {
    old.network().lend(shared);
    return next.guest()
        .swapListener(inner, shared)
        .toCompletableFuture()
        .completeOnTimeout(false, WITHIN_SECONDS, TimeUnit.SECONDS)
        .thenCompose(
            done -> {
              if (done) {
                next.network().listensOn(shared);
                return letGo(old, shared, inner);
              }
              next.network().lend(shared); // should it swap late, it does not close what is not its
              old.network().unlend();
              return shared.isOpen()
                  ? CompletableFuture.failedFuture(new IOException("it ended meanwhile"))
                  : open(inner);
            });
  }

  /** The old one goes on at the inner address, where nobody looks for it. */
  private static CompletionStage<Void> letGo(
      EmbeddedRunner old, ServerSocketChannel shared, ServerSocketChannel inner) {
    return old.guest()
        .swapListener(shared, inner)
        .toCompletableFuture()
        .completeOnTimeout(false, WITHIN_SECONDS, TimeUnit.SECONDS)
        .thenAccept(
            done -> {
              if (done) {
                old.network().listensOn(inner);
              } else {
                close(inner);
              }
            });
  }

  /** Nobody listens at the port: opens it anew. */
  private CompletionStage<Void> open(ServerSocketChannel inner) {
    ServerSocketChannel opened;
    try {
      opened = next.network().open();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    return next.guest()
        .swapListener(inner, opened)
        .thenCompose(
            done -> {
              close(done ? inner : opened);
              if (done) {
                next.network().listensOn(opened);
                return CompletableFuture.completedFuture(null);
              }
              return CompletableFuture.failedFuture(new IOException("it ended meanwhile"));
            });
  }

  private static void close(ServerSocketChannel listener) {
    try {
      listener.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Where a listener is reached. */
  static Optional<RunnerAddress> addressOf(@Nullable ServerSocketChannel listener) {
    try {
      return listener != null && listener.getLocalAddress() instanceof InetSocketAddress local
          ? Optional.of(new RunnerAddress(local.getAddress().getHostAddress(), local.getPort()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // closed
    }
  }
}
