package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.wasmrunner.proxy.policy.AnswerPolicy;
import io.wasmrunner.proxy.policy.Denial;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A runner's answer on its way to the client. Confined to its event loop. */
final class Answer {
  /** Tells which runner answered: {@code service/index}. */
  static final CharSequence RUNNER = HttpHeaders.createOptimized("X-Wasmrunner-Runner");

  private static final CharSequence TRAILER = HttpHeaders.createOptimized("Trailer");
  private static final long UNKNOWN = -1;

  private final Exchange exchange;
  private final HttpClientResponse in;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Runnable moved;
  private @Nullable AnswerPolicy policy;
  private boolean held;
  private long bytesLeft;
  private boolean over;

  /**
   * Makes an answer that has not begun.
   *
   * @param moved runs for each piece
   */
  Answer(Exchange exchange, HttpClientResponse in, Runnable moved) {
    this.exchange = exchange;
    this.in = in;
    this.request = exchange.request();
    this.response = exchange.response();
    this.moved = moved;
  }

  /**
   * Takes the head over and begins to pass the body on.
   *
   * @param complete runs when the runner has said everything
   * @return why it is withheld, if it is
   * @throws IllegalArgumentException when the head cannot be passed on
   */
  @Nullable Refusal begin(LiveUpstream from, Runnable complete) {
    copyHead(exchange, in, from);
    int status = in.statusCode();
    boolean bodiless = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    AnswerPolicy asked = exchange.answerPolicy(status, bodiless);
    policy = asked;
    if (asked != null && asked.denial() != null) {
      over = true;
      asked.close();
      return noted(asked.denial());
    }
    if (exchange.loop().draining() && !ClientStream.isHttp2(request)) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    in.endHandler(
        end -> {
          if (!over) {
            over = true;
            complete.run();
          }
        });
    if (bodiless) {
      response.end();
      return null;
    }
    String length = in.getHeader(HttpHeaders.CONTENT_LENGTH);
    bytesLeft =
        length == null || (asked != null && asked.changesLength())
            ? UNKNOWN
            : Long.parseLong(length);
    if (bytesLeft == UNKNOWN) {
      response.setChunked(true);
      if (request.version() != HttpVersion.HTTP_1_0) {
        in.headers().getAll(TRAILER).forEach(value -> response.headers().add(TRAILER, value));
      }
    }
    held = asked != null && asked.isHeld();
    in.handler(this::pass);
    if (held) {
      return null;
    }
    // The body mostly comes with the head and both go out in one write. If not, the head must not
    // wait: an event stream may have nothing to say for long.
    exchange.loop().context().runOnContext(later -> sendHead());
    return null;
  }

  /** Whether nothing of it has gone to the client, for it has to be seen whole. */
  boolean isHeld() {
    return held;
  }

  /** Whether the runner will take another request on this connection. */
  boolean keepsConnection() {
    return in.version() == HttpVersion.HTTP_1_1 && !HopHeaders.hasOption(in.headers(), "close");
  }

  /** Ends the answer to the client after the runner has said everything. */
  void finish() {
    AnswerPolicy asked = policy;
    if (held && asked != null) {
      asked.verdict().onComplete(done -> judged(asked, done.result()));
      return;
    }
    if (asked != null) {
      Buffer last = asked.end();
      if (last.length() > 0 && !response.ended() && !response.closed()) {
        response.write(last);
      }
      asked.close();
    }
    close();
  }

  private void judged(AnswerPolicy asked, @Nullable Denial denial) {
    held = false;
    if (denial != null) {
      exchange.refuse(noted(denial));
    } else {
      exchange.count(in.statusCode());
      if (!response.ended() && !response.closed()) {
        emit(asked.release());
      }
      Buffer last = asked.end();
      if (last.length() > 0 && !response.ended() && !response.closed()) {
        response.write(last);
      }
      close();
    }
    asked.close();
  }

  private Refusal noted(Denial denial) {
    Refusal refusal = GatedExchange.refusal(denial);
    exchange.explanation().note("policy", refusal.problem().code() + ": " + refusal.detail());
    return refusal;
  }

  private void close() {
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.isChunked()) {
      in.trailers()
          .forEach(
              (name, value) -> {
                if (!TrailerFields.isForbidden(name)) {
                  response.trailers().add(name, value);
                }
              });
      response.end();
    } else if (bytesLeft == UNKNOWN) {
      // An HTTP/1.0 client learns of the end by the end of the connection.
      response.end().onComplete(sent -> request.connection().close());
    } else {
      response.end();
    }
  }

  /** Whether it would never end by itself. */
  boolean isEventStream() {
    String type = in.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }

  /** Ends it for the client as if it were whole; says whether that can be done. */
  boolean endEarly() {
    if (response.ended() || response.closed()) {
      return true;
    }
    if (bytesLeft != UNKNOWN || request.version() == HttpVersion.HTTP_1_0) {
      return false;
    }
    response.end();
    return true;
  }

  /** Nothing of it is passed on any more. */
  void abandon() {
    if (!over && policy != null) {
      policy.close();
    }
    over = true;
  }

  private void sendHead() {
    boolean framed = bytesLeft != UNKNOWN || request.version() != HttpVersion.HTTP_1_0;
    if (!over && framed && !response.headWritten() && !response.closed()) {
      response.writeHead();
    }
  }

  private void pass(Buffer piece) {
    if (over || response.ended() || response.closed()) {
      return;
    }
    moved.run();
    AnswerPolicy asked = policy;
    if (asked == null || asked.isIdle()) {
      emit(piece);
    } else if (held) {
      hold(asked, piece);
    } else {
      emit(asked.piece(piece));
    }
  }

  private void hold(AnswerPolicy asked, Buffer piece) {
    switch (asked.hold(piece)) {
      case KEPT -> {}
      case DENIED -> exchange.abort(GatedExchange.refusal(AnswerPolicy.withheld()));
      case RELEASED -> {
        held = false;
        exchange.count(in.statusCode());
        emit(asked.release());
        emit(asked.piece(piece));
      }
    }
  }

  private void emit(Buffer piece) {
    if (piece.length() == 0) {
      return;
    }
    if (bytesLeft != UNKNOWN) {
      bytesLeft -= piece.length();
      if (bytesLeft == 0) {
        response.end(piece);
        return;
      }
    }
    response.write(piece);
    if (response.writeQueueFull()) {
      in.pause();
      response.drainHandler(
          drained -> {
            moved.run();
            in.resume();
          });
    }
  }

  /** Copies what concerns the client, and names the runner. */
  static void copyHead(Exchange exchange, HttpClientResponse in, LiveUpstream from) {
    HttpServerResponse response = exchange.response();
    int status = in.statusCode();
    response.setStatusCode(status);
    String reason = in.statusMessage();
    if (reason != null && !reason.equals(HttpResponseStatus.valueOf(status).reasonPhrase())) {
      response.setStatusMessage(reason);
    }
    MultiMap headers = response.headers();
    Set<String> named = HopHeaders.namedIn(in.headers());
    in.headers()
        .forEach(
            (name, value) -> {
              if (passes(name, named)) {
                headers.add(name, value);
              }
            });
    headers.set(RUNNER, from.label());
    exchange.addAnswerHeadersTo(headers);
    exchange.explanation().answered(from.label(), status);
    exchange.visit().answeredBy(from.label());
    exchange.visit().signHead();
  }

  private static boolean passes(String name, Set<String> named) {
    return !HopHeaders.is(name)
        && (named.isEmpty() || !named.contains(name.toLowerCase(Locale.ROOT)));
  }
}
