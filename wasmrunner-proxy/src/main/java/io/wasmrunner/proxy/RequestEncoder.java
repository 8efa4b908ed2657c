package io.wasmrunner.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes requests to a runner. A header is put together in an array first: a Netty buffer looks at
 * its bounds and owners each time something is added. Confined to its event loop.
 */
final class RequestEncoder extends HttpRequestEncoder {
  private static final int SMALL = 4096;

  /** What a field takes besides its name and its value. */
  private static final int AROUND = 4;

  private byte[] octets = new byte[SMALL];

  @Override
  public void write(ChannelHandlerContext ctx, Object part, ChannelPromise promise)
      throws Exception {
    try {
      super.write(ctx, part, promise);
    } catch (EncoderException e) {
      // The promise is nobody's. Later, for whoever writes is in the middle of something.
      ctx.executor().execute(() -> ctx.fireExceptionCaught(e));
      throw e;
    }
  }

  @Override
  protected void encodeHeaders(HttpHeaders headers, ByteBuf buffer) {
    int length = 0;
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      CharSequence name = field.getKey();
      CharSequence value = field.getValue();
      reserve(length + name.length() + value.length() + AROUND);
      length = add(name, length);
      octets[length++] = ':';
      octets[length++] = ' ';
      length = add(value, length);
      octets[length++] = '\r';
      octets[length++] = '\n';
    }
    buffer.writeBytes(octets, 0, length);
    if (octets.length > SMALL) {
      octets = new byte[SMALL];
    }
  }

  private void reserve(int size) {
    if (size > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(size, octets.length * 2));
    }
  }

  private int add(CharSequence text, int at) {
    int length = text.length();
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), octets, at, length);
    } else {
      for (int i = 0; i < length; i++) {
        // A question mark for what is not Latin-1: part of such a character must not get out.
        octets[at + i] = AsciiString.c2b(text.charAt(i));
      }
    }
    return at + length;
  }
}
