package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Takes whole request bodies into memory, within bounds: of one body, of all bodies held at once,
 * and of the time one may take. Thread-safe.
 */
final class BodyReader {
  private final Vertx vertx;
  private final int limit;
  private final long budget;
  private final Duration patience;
  private final AtomicLong held = new AtomicLong();

  /**
   * Makes a reader.
   *
   * @param limit most bytes of one body; beyond it 413
   * @param budget most bytes of all bodies held at once; beyond it 429
   * @param patience how long a body may take; beyond it 408
   */
  BodyReader(Vertx vertx, int limit, long budget, Duration patience) {
    this.vertx = vertx;
    this.limit = limit;
    this.budget = budget;
    this.patience = patience;
  }

  /** Reads the body and hands it on; its bytes count until that work has ended. */
  <T> Future<T> read(HttpServerRequest request, Function<Buffer, Future<T>> work) {
    if (announced(request) > limit) {
      return Future.failedFuture(Problem.bodyTooLarge(limit));
    }
    Reception reception = new Reception();
    request.handler(reception::take);
    request.endHandler(end -> reception.promise.tryComplete(reception.body));
    request.exceptionHandler(reception.promise::tryFail);
    long timer =
        vertx.setTimer(
            patience.toMillis(),
            late -> reception.promise.tryFail(Problem.bodyTooSlow(patience.toSeconds())));
    request.resume();
    return reception
        .promise
        .future()
        .onComplete(done -> vertx.cancelTimer(timer))
        .compose(work)
        .onComplete(done -> held.addAndGet(-reception.release()));
  }

  /** Bytes of bodies held now. */
  long held() {
    return held.get();
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
  }

  private final class Reception {
    private final Promise<Buffer> promise = Promise.promise();
    private Buffer body = Buffer.buffer();
    private long counted;

    void take(Buffer chunk) {
      if (promise.future().isComplete()) {
        return;
      }
      counted += chunk.length();
      if (held.addAndGet(chunk.length()) > budget) {
        promise.tryFail(Problem.tooManyBodies());
      } else if (body.length() + chunk.length() > limit) {
        promise.tryFail(Problem.bodyTooLarge(limit));
      } else {
        body.appendBuffer(chunk);
      }
    }

    long release() {
      body = Buffer.buffer();
      return counted;
    }
  }
}
