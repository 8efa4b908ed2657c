package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Reads what a runner says. Confined to its event loop. */
final class AnswerDecoder extends HttpResponseDecoder {
  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int MAX_PIECE_BYTES = 64 * 1024;

  private boolean headOnly;

  AnswerDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEADER_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_PIECE_BYTES));
  }

  /** Whether the next answer has no body whatever its head says: it answers HEAD. */
  void expect(boolean onlyHead) {
    headOnly = onlyHead;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    int status = message instanceof HttpResponse head ? head.status().code() : 0;
    // Netty lets a 101 have one, for a draft of WebSocket that nobody speaks.
    return headOnly || (status >= 100 && status < 200) || status == 204 || status == 304;
  }
}
