package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One GET of a probe, over a connection of its own that is closed afterwards: one that is kept open
 * would occupy a guest that serves one connection at a time.
 *
 * @param <A> what is wanted of the answer
 */
final class HttpGet<A> {
  /** After the answer so many bytes are still taken, so that the guest can finish its writing. */
  private static final int TAKEN = 64 << 10;

  /** Reads an answer. Bounds what it keeps. */
  interface Reader<A> {
    /** Takes the next bytes; what is wanted of the answer, once that is known. */
    Optional<A> take(ByteBuffer bytes) throws IOException;

    /** The other side has closed the connection. */
    Optional<A> end() throws IOException;
  }

  private final ProbeConnection<A> connection;
  private final Reader<A> reader;
  private final ByteBuffer buffer = ByteBuffer.allocate(4096);
  private int received;

  private HttpGet(ProbeConnection<A> connection, Reader<A> reader) {
    this.connection = connection;
    this.reader = reader;
  }

  /** What the reader finds; fails when there is no such answer in time. */
  static <A> CompletableFuture<A> send(
      RunnerAddress target, String path, Duration timeout, Reader<A> reader) {
    return ProbeConnection.open(
        target,
        timeout,
        connection -> {
          HttpGet<A> get = new HttpGet<>(connection, reader);
          connection.write(head(target, path), get::read);
        });
  }

  private static ByteBuffer head(RunnerAddress target, String path) {
    String head =
        "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: wasmrunner-probe\r\nConnection: close\r\n\r\n"
            .formatted(path, target);
    return ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8));
  }

  private void read() {
    connection.read(buffer.clear(), this::received);
  }

  private void received(int count) {
    try {
      received += Math.max(0, count);
      if (!connection.isComplete()) {
        (count < 0 ? reader.end() : reader.take(buffer.flip())).ifPresent(connection::complete);
      }
    } catch (IOException e) {
      connection.fail(e);
      return;
    }
    if (count < 0) {
      connection.fail(new IOException("connection closed before an answer"));
    } else if (connection.isComplete() && received >= TAKEN) {
      connection.close();
    } else {
      read();
    }
  }
}
