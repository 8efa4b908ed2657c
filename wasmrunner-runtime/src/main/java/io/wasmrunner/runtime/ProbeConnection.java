package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fresh TCP connection of one probe, so that each probe also proves that the runner still accepts
 * connections. Closed at the latest when the time is up. Nothing of it blocks.
 *
 * @param <R> what the probe finds out
 */
final class ProbeConnection<R> {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeConnection.class);

  private final AsynchronousSocketChannel channel;
  private final CompletableFuture<R> result = new CompletableFuture<>();

  private ProbeConnection(AsynchronousSocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects.
   *
   * @param connected goes on when it is open
   * @return what {@link #complete} is told; fails when that does not come in time
   */
  static <R> CompletableFuture<R> open(
      RunnerAddress target, Duration timeout, Consumer<ProbeConnection<R>> connected) {
    try {
      // Runners have literal addresses: nothing is looked up here.
      InetAddress host = InetAddress.getByName(target.host());
      ProbeConnection<R> connection = new ProbeConnection<>(AsynchronousSocketChannel.open());
      CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> connection.fail(new IOException("no answer in time")));
      connection.channel.connect(
          new InetSocketAddress(host, target.port()),
          null,
          connection.then(none -> connected.accept(connection)));
      return connection.result;
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Writes all bytes, then goes on. */
  void write(ByteBuffer bytes, Runnable written) {
    channel.write(
        bytes,
        null,
        then(
            count -> {
              if (bytes.hasRemaining()) {
                write(bytes, written);
              } else {
                written.run();
              }
            }));
  }

  /** Reads some bytes; their number is negative when the other side has closed. */
  void read(ByteBuffer buffer, Consumer<Integer> next) {
    channel.read(buffer, null, then(next));
  }

  boolean isComplete() {
    return result.isDone();
  }

  /** Tells the result; the connection stays open. */
  void complete(R found) {
    result.complete(found);
  }

  /** Closes the connection; without a result yet this is a failure. */
  void fail(Throwable cause) {
    result.completeExceptionally(cause);
    close();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a probe's connection failed", e);
    }
  }

  private <T> CompletionHandler<T, Void> then(Consumer<T> next) {
    return new CompletionHandler<>() {
      @Override
      public void completed(T value, Void none) {
        try {
          next.accept(value);
        } catch (RuntimeException e) {
          fail(e);
        }
      }

      @Override
      public void failed(Throwable cause, Void none) {
        fail(cause);
      }
    };
  }
}
