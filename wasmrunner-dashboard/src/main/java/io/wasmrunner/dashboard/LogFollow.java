package io.wasmrunner.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.LogLine;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Log lines as they come: Server-Sent Events for who accepts them, else a JSON object per line.
 *
 * <p>Nothing is held for a client: it is asked for new lines only when the client has read those
 * before, so a slow one misses what the log has lost meanwhile. One that reads nothing for a while
 * is dropped. Beyond the bound of clients new ones get 503.
 */
final class LogFollow {
  static final int CLIENTS = 64;
  static final Duration PAUSE = Duration.ofMillis(250);

  private static final int AT_ONCE = 1_000;
  private static final int UNREAD_BYTES = 1 << 20;
  private static final Duration UNREAD_FOR = Duration.ofSeconds(60);
  private static final int PAUSES_TO_HEARTBEAT = 60;

  /** Questions in a row without an answer, after which a client is sent away. */
  private static final int FAILURES = 5;

  private final Bus bus;
  private final int bound;
  private final AtomicInteger size = new AtomicInteger();

  LogFollow(Bus bus, int bound) {
    this.bus = bus;
    this.bound = bound;
  }

  /** Clients now. */
  int size() {
    return size.get();
  }

  /** Answers with the lines of the question, then with those that come. */
  void start(RoutingContext context, LogsQuery query) {
    boolean events =
        String.valueOf(context.request().getHeader("Accept"))
            .toLowerCase(Locale.ROOT)
            .contains("text/event-stream");
    HttpServerResponse response = context.response();
    response
        .putHeader(
            "Content-Type",
            events ? "text/event-stream; charset=utf-8" : "application/x-ndjson; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
      return;
    }
    if (size.incrementAndGet() > bound) {
      size.decrementAndGet();
      response.headers().remove("Content-Type");
      throw Problem.tooManyReaders(bound);
    }
    response.setChunked(true).setWriteQueueMaxSize(UNREAD_BYTES);
    new Client(context, query, events).begin();
  }

  /** One reader, on its own event loop. */
  private final class Client {
    private final Vertx vertx;
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final LogsQuery query;
    private final boolean events;
    private long after;
    private int tail;
    private int quiet;
    private int failures;
    private boolean over;

    Client(RoutingContext context, LogsQuery query, boolean events) {
      this.vertx = context.vertx();
      this.context = context;
      this.response = context.response();
      this.query = query;
      this.events = events;
      this.after = query.after();
      this.tail = query.tail();
    }

    void begin() {
      response.closeHandler(closed -> end());
      response.exceptionHandler(broken -> end());
      response.write(events ? "retry: 2000\n\n" : "\n");
      next();
    }

    private void end() {
      if (!over) {
        over = true;
        size.decrementAndGet();
      }
    }

    private void next() {
      if (over) {
        return;
      }
      LogsQuery more =
          new LogsQuery(query.service(), query.runner(), query.level(), query.text(), after, tail);
      bus.request(BusAddress.LOGS_READ, more, LogsPage.class)
          .onSuccess(this::send)
          .onFailure(this::failed);
    }

    /** A runtime that is busy for a moment is asked again; a service that is gone has no lines. */
    private void failed(Throwable why) {
      boolean gone =
          why instanceof RequestFailedException refused && refused.reason() == Reason.NOT_FOUND;
      if (over) {
        return;
      }
      if (gone || ++failures >= FAILURES) {
        response.end();
        end();
      } else {
        vertx.setTimer(PAUSE.toMillis(), timer -> next());
      }
    }

    private void send(LogsPage page) {
      if (over) {
        return;
      }
      failures = 0;
      if (!page.lines().isEmpty()) {
        quiet = 0;
        response.write(frames(page));
      } else if (++quiet >= PAUSES_TO_HEARTBEAT) {
        quiet = 0;
        response.write(events ? ": still here\n\n" : "\n");
      }
      after = Math.max(after, page.last());
      tail = AT_ONCE;
      if (response.writeQueueFull()) {
        awaitReader();
      } else {
        vertx.setTimer(PAUSE.toMillis(), timer -> next());
      }
    }

    private void awaitReader() {
      long patience =
          vertx.setTimer(
              UNREAD_FOR.toMillis(), late -> EventStream.cut(context.request().connection()));
      response.drainHandler(
          read -> {
            response.drainHandler(null);
            vertx.cancelTimer(patience);
            next();
          });
    }

    private Buffer frames(LogsPage page) {
      Buffer all = Buffer.buffer();
      for (LogLine line : page.lines()) {
        Buffer json = JsonAnswer.write(line);
        all.appendBuffer(
            events ? EventStream.frame(line.sequence(), "line", json) : json.appendString("\n"));
      }
      return all;
    }
  }
}
