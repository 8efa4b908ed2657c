package io.wasmrunner.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks one path over and over until it is closed, half of the threads over connections that stay
 * open, half over a new one each time, and notes every answer that is no 200.
 */
final class Load implements AutoCloseable {
  private static final int MOST_NOTED = 20;

  private final URI target;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final Queue<String> noted = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  /** Begins with this number of threads. */
  Load(URI target, int threads) {
    this.target = target;
    for (int i = 0; i < threads; i++) {
      Runnable asking = i % 2 == 0 ? this::askOverOpenConnection : this::askOverNewConnections;
      Thread thread = new Thread(asking, "load-" + i);
      thread.setDaemon(true);
      thread.start();
      this.threads.add(thread);
    }
  }

  long answered() {
    return answered.get();
  }

  long lost() {
    return lost.get();
  }

  /** Some of what was no 200. */
  List<String> noted() {
    return List.copyOf(noted);
  }

  private void askOverOpenConnection() {
    while (!over) {
      try {
        note(Http.get(target).statusCode() + "");
      } catch (RuntimeException e) {
        note(e.toString());
      }
    }
  }

  private void askOverNewConnections() {
    String request =
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
            .formatted(target.getRawPath(), target.getAuthority());
    while (!over) {
      try (Socket socket = new Socket(target.getHost(), target.getPort())) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        note(answer.startsWith("HTTP/1.1 200") ? "200" : "\"" + answer + "\"");
      } catch (IOException e) {
        note(e.toString());
      }
    }
  }

  private void note(String result) {
    if (result.equals("200")) {
      answered.incrementAndGet();
    } else {
      lost.incrementAndGet();
      if (noted.size() < MOST_NOTED) {
        noted.add(result);
      }
    }
  }

  @Override
  public void close() {
    end();
  }

  /** Asks no more; returns when every answer is there. */
  void end() {
    over = true;
    for (Thread thread : threads) {
      try {
        thread.join(60_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
