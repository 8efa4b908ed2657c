package io.wasmrunner.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * What an entry point meets in real life: requests with and without bodies, streams and WebSockets,
 * clients that leave amid anything, requests that are no HTTP, runners that break off. For the
 * services {@code hello} and {@link EchoServer} at {@code echo}. One thread for each kind, at a
 * pace that leaves the ports of the machine alone.
 */
final class MixedTraffic {
  private static final long PACE_NANOS = 4_000_000;
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final String TEXT = "x".repeat(20_000);
  private static final String PIECE = "4000\r\n" + "y".repeat(0x4000) + "\r\n";

  private final URI entry;
  private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> numbers = new ConcurrentHashMap<>();

  /** One exchange; the number says which of its kind. */
  private interface Exchange {
    /** What came of it. */
    String run(Socket socket, int number) throws IOException;
  }

  MixedTraffic(URI entry) {
    this.entry = entry;
  }

  /** How often what came of an exchange. */
  Map<String, Long> outcomes() {
    Map<String, Long> sums = new TreeMap<>();
    outcomes.forEach((outcome, count) -> sums.put(outcome, count.sum()));
    return sums;
  }

  /** Goes on for so long; when this returns no connection is open. */
  void run(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    List<Thread> threads = new ArrayList<>();
    Map<String, Exchange> kinds =
        Map.of(
            "asks", this::asks,
            "posts", this::posts,
            "leaves", this::leaves,
            "breaks rules", this::breaksRules,
            "speaks WebSocket", this::speaksWebSocket,
            "follows events", this::followsEvents,
            "meets a runner that breaks off", this::meetsFailure);
    kinds.forEach(
        (kind, exchange) -> {
          Thread thread = new Thread(() -> repeat(kind, exchange, end), kind);
          thread.setDaemon(true);
          thread.start();
          threads.add(thread);
        });
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void repeat(String kind, Exchange exchange, long end) {
    AtomicInteger numbered = numbers.computeIfAbsent(kind, first -> new AtomicInteger());
    while (System.nanoTime() < end) {
      String outcome;
      try (Socket socket = new Socket(entry.getHost(), entry.getPort())) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        // Closed at once and without a trace, whatever state it is in.
        socket.setSoLinger(true, 0);
        outcome = exchange.run(socket, numbered.getAndIncrement());
      } catch (IOException e) {
        outcome = e.getClass().getSimpleName();
      }
      outcomes.computeIfAbsent(kind + ": " + outcome, first -> new LongAdder()).increment();
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  /* ---- what works ---- */

  private String asks(Socket socket, int number) throws IOException {
    List<String> paths =
        List.of(
            "/hello/hello",
            "/echo/x",
            "/echo/large",
            "/nowhere/at/all",
            "/",
            "/__runner__/api/v1/services",
            "/hello/%2e%2e/x");
    send(socket, "GET " + paths.get(number % paths.size()) + " HTTP/1.1", "");
    return status(socket.getInputStream().readAllBytes());
  }

  private String posts(Socket socket, int number) throws IOException {
    switch (number % 4) {
      case 0 -> send(socket, "POST /echo/echo HTTP/1.1", text(TEXT.length()) + "\r\n" + TEXT);
      case 1 ->
          send(
              socket,
              "POST /echo/echo HTTP/1.1",
              "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + PIECE
                  + "0\r\n\r\n");
      case 2 ->
          send(
              socket,
              "POST /echo/raw HTTP/1.1",
              "Transfer-Encoding: chunked\r\n\r\n" + PIECE.repeat(8) + "0\r\n\r\n");
      default ->
          send(
              socket,
              "POST /echo/echo HTTP/1.1",
              "Content-Type: image/png\r\nContent-Length: 1\r\n\r\nx");
    }
    return status(socket.getInputStream().readAllBytes());
  }

  private String followsEvents(Socket socket, int number) throws IOException {
    send(socket, "GET /echo/events HTTP/1.1", "");
    return status(readUntil(socket.getInputStream(), "tick\n\n"));
  }

  private String speaksWebSocket(Socket socket, int number) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        ("GET /echo/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    String head = status(readUntil(socket.getInputStream(), "\r\n\r\n"));
    if (head.equals("101")) {
      out.write(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
      readUntil(socket.getInputStream(), "hi");
      if (number % 2 == 0) {
        out.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
        return head + " " + socket.getInputStream().readAllBytes().length + " bytes of goodbye";
      }
    }
    return head;
  }

  /* ---- what does not ---- */

  private String leaves(Socket socket, int number) throws IOException {
    switch (number % 5) {
      case 0 -> send(socket, "POST /echo/echo HTTP/1.1", text(2 * TEXT.length()) + "\r\n" + TEXT);
      case 1 ->
          send(
              socket,
              "POST /echo/raw HTTP/1.1",
              "Transfer-Encoding: chunked\r\n\r\n" + PIECE + PIECE.substring(0, 100));
      case 2 -> {
        send(socket, "GET /echo/large HTTP/1.1", "");
        return "amid " + status(socket.getInputStream().readNBytes(5_000));
      }
      case 3 ->
          socket
              .getOutputStream()
              .write("GET /hello/hello HTTP".getBytes(StandardCharsets.US_ASCII));
      default -> send(socket, "GET /echo/events HTTP/1.1", "");
    }
    return "before an answer";
  }

  private String breaksRules(Socket socket, int number) throws IOException {
    List<String> requests =
        List.of(
            "GET /hello/hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "POST /echo/raw HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET /hello/hello HTTP/1.1\nHost: a\n\n",
            "GET /hello/hello HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
            "POST /echo/raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + PIECE
                + "zz\r\n",
            "GET /" + "p".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "\u0016\u0003\u0001 no HTTP at all\r\n\r\n");
    socket
        .getOutputStream()
        .write(requests.get(number % requests.size()).getBytes(StandardCharsets.US_ASCII));
    return status(socket.getInputStream().readAllBytes());
  }

  private String meetsFailure(Socket socket, int number) throws IOException {
    switch (number % 3) {
      case 0 -> send(socket, "GET /echo/reset HTTP/1.1", "");
      case 1 -> send(socket, "POST /echo/reset HTTP/1.1", "Content-Length: 2\r\n\r\nxx");
      default -> send(socket, "GET /echo/half HTTP/1.1", "");
    }
    return status(socket.getInputStream().readAllBytes());
  }

  /* ---- HTTP ---- */

  private static String text(int length) {
    return "Content-Type: text/plain\r\nContent-Length: " + length + "\r\n";
  }

  private static void send(Socket socket, String line, String rest) throws IOException {
    String request =
        line + "\r\nHost: localhost\r\nConnection: close\r\n" + (rest.isEmpty() ? "\r\n" : rest);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The status of an answer, as it stands in its first line. */
  private static String status(byte[] answer) {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    return text.startsWith("HTTP/1.1 ") && text.length() >= 12 ? text.substring(9, 12) : "nothing";
  }

  private static byte[] readUntil(InputStream in, String end) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      read.write(b);
      if (b == end.charAt(end.length() - 1)
          && read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
        break;
      }
    }
    return read.toByteArray();
  }
}
