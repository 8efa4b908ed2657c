package io.wasmrunner.proxy.policy;

import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses: RFC 1950 (deflate) or RFC 1952 (gzip). */
final class DeflateStage implements BodyStage {
  private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final boolean gzip;
  private final boolean streamed;
  private final Deflater deflater;
  private final CRC32 sum = new CRC32();
  private final byte[] out = new byte[8 * 1024];
  private boolean begun;
  private boolean closed;
  private long length;

  /**
   * Makes one.
   *
   * @param streamed whether each piece is to leave as soon as it has come
   */
  DeflateStage(boolean gzip, int level, boolean streamed) {
    this.gzip = gzip;
    this.streamed = streamed;
    this.deflater = new Deflater(level, gzip);
  }

  @Override
  public Buffer piece(Buffer piece) {
    byte[] octets = piece.getBytes();
    Buffer compressed = head();
    sum.update(octets, 0, octets.length);
    length += octets.length;
    deflater.setInput(octets);
    drain(compressed, streamed ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
    return compressed;
  }

  @Override
  public Buffer end() {
    Buffer compressed = head();
    deflater.finish();
    drain(compressed, Deflater.NO_FLUSH);
    if (gzip) {
      compressed.appendIntLE((int) sum.getValue()).appendIntLE((int) length);
    }
    return compressed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      deflater.end(); // It holds memory outside the heap.
    }
  }

  private Buffer head() {
    boolean first = !begun;
    begun = true;
    return first && gzip ? Buffer.buffer(GZIP_HEAD) : Buffer.buffer();
  }

  private void drain(Buffer to, int flush) {
    int written;
    do {
      written = deflater.deflate(out, 0, out.length, flush);
      to.appendBytes(out, 0, written);
    } while (written == out.length || (flush == Deflater.NO_FLUSH && written > 0));
  }
}
