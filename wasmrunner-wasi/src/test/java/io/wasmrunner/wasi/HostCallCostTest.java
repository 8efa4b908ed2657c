package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the calls of a real service cost in memory, once it is warm. */
final class HostCallCostTest {
  private static final Path HELLO = Path.of("..", "services", "hello", "hello.wasm");
  private static final byte[] REQUEST =
      "GET /health HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What is not of a call, spread over thousands of them. */
  private static final double TOLERANCE = 1;

  private static final int REQUESTS = 1000;
  private static final int MOST_ROUNDS = 30;

  @TempDir private static Path folder;

  @Test
  void aCallAllocatesNothing() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeThat(threads.isThreadAllocatedMemoryEnabled()).isTrue();
    CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
    GuestListener listener =
        new GuestListener() {
          @Override
          public void listening(InetSocketAddress local) {
            address.complete(local);
          }
        };
    try (Engine engine = TestingGuests.compiler(folder)) {
      GuestConfig config =
          GuestConfig.builder("warm")
              .env(Map.of("WR_RUNNER_PORT", Integer.toString(freePort())))
              .listener(listener)
              .build();
      Guest guest = Guest.start(TestingGuests.compiled(engine, HELLO), config);
      InetSocketAddress server = TestingGuests.get(address);
      try (Socket client = new Socket(server.getAddress(), server.getPort())) {
        double least = Double.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least > TOLERANCE; round++) {
          long calls = calls(guest);
          long bytes = threads.getThreadAllocatedBytes(guest.thread().getId());
          for (int i = 0; i < REQUESTS; i++) {
            exchange(client);
          }
          bytes = threads.getThreadAllocatedBytes(guest.thread().getId()) - bytes;
          least = Math.min(least, (double) bytes / (calls(guest) - calls));
        }
        assertThat(least).as("bytes for each call").isLessThan(TOLERANCE);
      } finally {
        guest.stop();
      }
    }
  }

  private static long calls(Guest guest) {
    return guest.hostCalls().values().stream().mapToLong(HostCallCount::calls).sum();
  }

  private static int freePort() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The answer is small, and read as a whole or until its body has come. */
  private static void exchange(Socket client) throws IOException {
    client.getOutputStream().write(REQUEST);
    InputStream in = client.getInputStream();
    byte[] answer = new byte[1024];
    int length = 0;
    while (!new String(answer, 0, length, StandardCharsets.US_ASCII).endsWith("ok")) {
      int n = in.read(answer, length, answer.length - length);
      assertThat(n).isPositive();
      length += n;
    }
  }
}
