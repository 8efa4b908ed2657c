package io.wasmrunner.proxy;

import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** How the body of a client's request is framed, and what to do with one that nobody reads. */
final class RequestBody {
  /** So much of an unread body is read to keep the connection. */
  private static final int SMALL_BYTES = 256 * 1024;

  private static final int SMALL_DIGITS = 6;
  private static final long LINGER_MILLIS = 5_000;

  private RequestBody() {}

  /** Whether a body follows the head. */
  static boolean exists(HttpServerRequest request) {
    if (ClientStream.isHttp2(request)) {
      return !ClientStream.isHeadOnly(request);
    }
    MultiMap headers = request.headers();
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
      return true;
    }
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  /** Whether it is of unknown length. */
  static boolean isChunked(HttpServerRequest request) {
    return ClientStream.isHttp2(request)
        ? !request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** Whether it is in a coding that is not passed on. */
  static boolean isForeignCoding(HttpServerRequest request) {
    MultiMap headers = request.headers();
    return headers.contains(HttpHeaders.TRANSFER_ENCODING)
        && !"chunked".equalsIgnoreCase(headers.get(HttpHeaders.TRANSFER_ENCODING));
  }

  /** Whether the client waits for leave before it sends it. */
  static boolean isAwaitingLeave(HttpServerRequest request) {
    String expect = request.getHeader(HttpHeaders.EXPECT);
    return expect != null
        && expect.equalsIgnoreCase("100-continue")
        && request.version() != HttpVersion.HTTP_1_0;
  }

  /** Whether the connection can stay although nobody reads it. */
  static boolean isSkippable(HttpServerRequest request) {
    if (request.isEnded() || ClientStream.isHttp2(request) || !exists(request)) {
      return true;
    }
    if (isChunked(request) || isAwaitingLeave(request)) {
      return false;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length.length() <= SMALL_DIGITS && Integer.parseInt(length) <= SMALL_BYTES;
  }

  /**
   * Reads what is left into nothing after the answer, for a while, then closes the connection. To
   * close at once would take the answer away from a client that still sends.
   */
  static void skip(Vertx vertx, HttpServerRequest request) {
    if (request.isEnded() || !exists(request)) {
      return;
    }
    if (ClientStream.isHttp2(request)) {
      // Says: the answer is whole, spare yourself the rest.
      request.response().reset(Http2Error.NO_ERROR.code());
      return;
    }
    boolean keep = isSkippable(request);
    long timer = vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
    request.exceptionHandler(gone -> vertx.cancelTimer(timer));
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          if (!keep) {
            request.connection().close();
          }
        });
    request.handler(ignored -> {});
    request.resume();
  }
}
