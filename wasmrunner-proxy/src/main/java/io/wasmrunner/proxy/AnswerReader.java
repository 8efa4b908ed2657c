package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.buffer.Buffer;

/**
 * Whoever has sent a request to a runner and hears what it says, on the event loop, until it gives
 * the connection back or away.
 */
interface AnswerReader {
  /** An interim answer has come: a status from 100 to 199 but 101, and its fields. */
  void interim(int status, HttpHeaders fields);

  /** The head of the answer has come; for 101 everything before the first byte that is not HTTP. */
  void head(HttpResponse head);

  /** A piece of the body has come; also a few after the connection was paused. */
  void piece(Buffer piece);

  /** The answer is whole. */
  void end(HttpHeaders trailers);

  /** All that had arrived has been told. */
  void readComplete();

  /** The runner takes more of the request. */
  void writable();

  /** The connection was closed, or what came is not HTTP/1.1; nothing follows. */
  void failed(Throwable cause);

  /** We failed, at the request or at what came, and the connection was closed; nothing follows. */
  void faulted(Throwable cause);
}
