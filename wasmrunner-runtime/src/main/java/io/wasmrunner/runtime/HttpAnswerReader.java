package io.wasmrunner.runtime;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads an answer with its body, however that is framed, up to a limit. */
final class HttpAnswerReader implements HttpGet.Reader<HttpAnswer> {
  static final int BODY_LIMIT = 64 << 10;

  private final EmbeddedChannel decoder = new EmbeddedChannel(new HttpResponseDecoder());
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;

  HttpAnswerReader() {
    // On the heap and in no pool: a probe that is given up needs no release.
    decoder.config().setAllocator(new UnpooledByteBufAllocator(false));
  }

  @Override
  public Optional<HttpAnswer> take(ByteBuffer bytes) throws IOException {
    decoder.writeInbound(Unpooled.copiedBuffer(bytes));
    return next();
  }

  @Override
  public Optional<HttpAnswer> end() throws IOException {
    decoder.finish();
    return next();
  }

  private Optional<HttpAnswer> next() throws IOException {
    for (HttpObject part = decoder.readInbound(); part != null; part = decoder.readInbound()) {
      try {
        if (part.decoderResult().isFailure()) {
          throw new IOException("the answer is no HTTP");
        }
        if (part instanceof HttpResponse head) {
          status = head.status().code();
        }
        if (part instanceof HttpContent content && !keep(content.content())) {
          return Optional.of(new HttpAnswer(status, body.toString(StandardCharsets.UTF_8), true));
        }
        boolean interim = HttpStatusClass.INFORMATIONAL.contains(status);
        if (part instanceof LastHttpContent && !interim) {
          return Optional.of(new HttpAnswer(status, body.toString(StandardCharsets.UTF_8), false));
        }
      } finally {
        ReferenceCountUtil.release(part);
      }
    }
    return Optional.empty();
  }

  private boolean keep(ByteBuf bytes) {
    byte[] piece = new byte[Math.min(bytes.readableBytes(), BODY_LIMIT - body.size())];
    bytes.readBytes(piece);
    body.writeBytes(piece);
    return !bytes.isReadable();
  }
}
