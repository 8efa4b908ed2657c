package io.wasmrunner.proxy;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Trailers of requests of an HTTP/1 connection until the request is passed on. The oldest go when
 * there are too many: nobody asks for those of requests that were answered here. Confined to its
 * event loop.
 */
final class KeptTrailers {
  private static final int MOST_BYTES = 64 * 1024;

  private final Deque<Kept> kept = new ArrayDeque<>(1);
  private int bytes;
  private int requests;
  private @Nullable HttpHeaders current;
  private int currentBytes;

  private record Kept(int request, HttpHeaders fields, int bytes) {}

  /** Another request has begun. */
  void begin() {
    requests++;
  }

  /** A checked line, without its end. */
  void line(byte[] line, int to) {
    int colon = Octets.tokenEnd(line, 0, to);
    HttpHeaders fields = current;
    if (fields == null) {
      fields = DefaultHttpHeadersFactory.trailersFactory().newHeaders();
      current = fields;
      currentBytes = 0;
    }
    currentBytes += to;
    fields.add(Octets.text(line, 0, colon), Octets.text(line, colon + 1, to).strip());
  }

  /** The request has ended. */
  void end() {
    HttpHeaders fields = current;
    current = null;
    if (fields == null) {
      return;
    }
    kept.addLast(new Kept(requests, fields, currentBytes));
    bytes += currentBytes;
    while (bytes > MOST_BYTES && kept.size() > 1) {
      bytes -= kept.removeFirst().bytes();
    }
  }

  /** Trailers of a request, counted from 1; null when there are none. Earlier ones go. */
  @Nullable HttpHeaders take(int request) {
    while (!kept.isEmpty() && kept.getFirst().request() <= request) {
      Kept first = kept.removeFirst();
      bytes -= first.bytes();
      if (first.request() == request) {
        return first.fields();
      }
    }
    return null;
  }
}
