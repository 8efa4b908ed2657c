package io.wasmrunner.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends GET requests at a fixed rate, whatever becomes of those before, and prints latencies from
 * the time a request was due, for {@code integration-tests/bench/proxy.sh}: a server that stalls
 * does not get fewer requests to look better with. Each connection has a thread and its share of
 * the schedule. Arguments: URL, requests per second, connections, seconds. Fails on any answer but
 * 200.
 */
final class FixedRateBenchmark {
  private static final double WARM_UP_SHARE = 0.2;

  private final URI url;
  private final byte[] request;
  private final long period;
  private final int count;

  private FixedRateBenchmark(URI url, double perSecond, int connections, double seconds) {
    this.url = url;
    this.request =
        ("GET " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    this.period = Math.round(1e9 * connections / perSecond);
    this.count = (int) Math.max(1, Math.round(perSecond * seconds / connections));
  }

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    int connections = Integer.parseInt(arguments[2]);
    FixedRateBenchmark benchmark =
        new FixedRateBenchmark(
            URI.create(arguments[0]),
            Double.parseDouble(arguments[1]),
            connections,
            Double.parseDouble(arguments[3]));
    long[] sorted = benchmark.run(connections);
    Arrays.sort(sorted);
    System.out.printf(
        "%s %d requests p50 %.3f ms p99 %.3f ms max %.3f ms%n",
        arguments[1], sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
  }

  private long[] run(int connections) throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      long start = System.nanoTime() + 200_000_000L;
      List<Future<long[]>> parts = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        long first = start + period * i / connections;
        parts.add(threads.submit(() -> connection(first)));
      }
      int warmUp = (int) (count * WARM_UP_SHARE);
      long[] all = new long[(count - warmUp) * connections];
      int filled = 0;
      for (Future<long[]> part : parts) {
        System.arraycopy(part.get(), warmUp, all, filled, count - warmUp);
        filled += count - warmUp;
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private long[] connection(long first) throws IOException {
    long[] latencies = new long[count];
    try (Socket socket = new Socket(InetAddress.getByName(url.getHost()), url.getPort())) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < count; i++) {
        long due = first + i * period;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        out.write(request);
        readAnswer(in);
        latencies[i] = System.nanoTime() - due;
      }
    }
    return latencies;
  }

  private static void readAnswer(InputStream in) throws IOException {
    String status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered: " + status);
    }
    int length = -1;
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      if (field.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(field.substring(15).strip());
      }
    }
    if (length < 0) {
      throw new IOException("an answer without Content-Length");
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
  }
}
