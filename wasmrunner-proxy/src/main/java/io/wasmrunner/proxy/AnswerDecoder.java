package io.wasmrunner.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Reads what a runner says in answer to a request. Confined to its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // that the channel closes is told by the channel
final class AnswerDecoder extends HttpResponseDecoder {
  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int MAX_PIECE_BYTES = 64 * 1024;

  private boolean headOnly;
  private boolean expecting;
  private boolean interim;

  AnswerDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEADER_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_PIECE_BYTES));
  }

  /**
   * An answer is due.
   *
   * @param onlyHead whether it has no body whatever its head says: it answers HEAD
   */
  void expect(boolean onlyHead) {
    headOnly = onlyHead;
    expecting = true;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (!expecting && in.isReadable()) {
      // Kept, it would be the beginning of somebody else's answer.
      in.skipBytes(in.readableBytes());
      ctx.close();
      return;
    }
    super.decode(ctx, in, out);
    boolean ended = !out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent;
    if (ended && !interim) {
      expecting = false;
    }
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    int status = message instanceof HttpResponse head ? head.status().code() : 0;
    interim = status >= 100 && status < 200;
    // Netty lets a 101 have one, for a draft of WebSocket that nobody speaks.
    return headOnly || interim || status == 204 || status == 304;
  }
}
