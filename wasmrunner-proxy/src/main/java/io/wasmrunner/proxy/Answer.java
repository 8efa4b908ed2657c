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
import java.util.Locale;
import java.util.Set;

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
   * @throws IllegalArgumentException when the head cannot be passed on
   */
  void begin(LiveUpstream from, Runnable complete) {
    copyHead(exchange, in, from);
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
    int status = in.statusCode();
    if (request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304) {
      response.end();
      return;
    }
    String length = in.getHeader(HttpHeaders.CONTENT_LENGTH);
    bytesLeft = length == null ? UNKNOWN : Long.parseLong(length);
    if (bytesLeft == UNKNOWN) {
      response.setChunked(true);
      if (request.version() != HttpVersion.HTTP_1_0) {
        in.headers().getAll(TRAILER).forEach(value -> response.headers().add(TRAILER, value));
      }
    }
    in.handler(this::pass);
    // The body mostly comes with the head and both go out in one write. If not, the head must not
    // wait: an event stream may have nothing to say for long.
    exchange.loop().context().runOnContext(later -> sendHead());
  }

  /** Whether the runner will take another request on this connection. */
  boolean keepsConnection() {
    return in.version() == HttpVersion.HTTP_1_1 && !HopHeaders.hasOption(in.headers(), "close");
  }

  /** Ends the answer to the client after the runner has said everything. */
  void finish() {
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
    exchange.explanation().note("runner", from.label() + " answered with status " + status);
    exchange.visit().answeredBy(from.label());
    exchange.visit().signHead();
  }

  private static boolean passes(String name, Set<String> named) {
    return !HopHeaders.is(name)
        && (named.isEmpty() || !named.contains(name.toLowerCase(Locale.ROOT)));
  }
}
