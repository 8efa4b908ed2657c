package io.wasmrunner.proxy;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Follows the requests of an HTTP/1 connection byte by byte and refuses what could be read in two
 * ways. It holds at most one line. Confined to its event loop.
 */
final class FramingCheck {
  private static final int SMALL = 512;
  private static final int CRLF = 2;

  private final ProxyLimits limits;
  private final RequestHead head;
  private final KeptTrailers kept = new KeptTrailers();
  private final ChunkedBody chunks = new ChunkedBody();
  private State state = State.REQUEST_LINE;
  private byte[] line = new byte[SMALL];
  private int filled;
  private int headerBytes;
  private int trailers;
  private long left;
  private boolean emptyLine;
  private boolean ended;
  private boolean headRead;

  private enum State {
    REQUEST_LINE,
    FIELD,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER
  }

  FramingCheck(ProxyLimits limits) {
    this.limits = limits;
    this.head = new RequestHead(limits.maxHeaderFields());
  }

  /**
   * Reads on until a request has ended or the bytes have.
   *
   * @param from index of the first byte to look at
   * @return index of the first byte that was not looked at
   */
  int read(ByteBuf bytes, int from) throws FramingException {
    ended = false;
    int at = from;
    int end = bytes.writerIndex();
    while (at < end) {
      if (state == State.BODY || state == State.CHUNK) {
        int step = (int) Math.min(left, end - at);
        at += step;
        left -= step;
        if (left == 0 && dataEnded()) {
          return at;
        }
      } else {
        at = collect(bytes, at, end);
        if (filled >= CRLF && line[filled - 1] == '\n' && lineEnded()) {
          return at;
        }
      }
    }
    return at;
  }

  /** Whether a request ended where {@link #read} stopped. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether the head of the request has been read, and something of the body is missing. */
  boolean isInBody() {
    return state != State.REQUEST_LINE && state != State.FIELD;
  }

  /** Whether a head has been read. */
  boolean hasReadHead() {
    return headRead;
  }

  /** The head that was read last. */
  RequestHead head() {
    return head;
  }

  /** Trailers of the requests read so far. */
  KeptTrailers trailers() {
    return kept;
  }

  /** Takes over as much of a line as there is. */
  private int collect(ByteBuf bytes, int from, int end) throws FramingException {
    int newline = bytes.indexOf(from, end, (byte) '\n');
    int to = newline < 0 ? end : newline + 1;
    int size = filled + to - from;
    if (size > room()) {
      throw new FramingException(tooLong());
    }
    if (size > line.length) {
      line = Arrays.copyOf(line, Math.max(size, line.length * 2));
    }
    bytes.getBytes(from, line, filled, to - from);
    if (state == State.CHUNK_END && line[0] != '\r') {
      throw new FramingException(FramingFault.CHUNK); // The decoder does not wait for the line.
    }
    // A CR may have been the last byte before.
    int i = Math.max(0, filled - 1);
    filled = size;
    for (; i < size; i++) {
      if (Octets.isForbidden(line[i])) {
        checkLineEnd(i);
      }
    }
    return to;
  }

  private void checkLineEnd(int at) throws FramingException {
    boolean fine =
        switch (line[at]) {
          case '\r' -> at + 1 == filled || line[at + 1] == '\n';
          case '\n' -> at > 0 && line[at - 1] == '\r';
          default -> throw new FramingException(FramingFault.CONTROL_CHARACTER);
        };
    if (!fine) {
      throw new FramingException(FramingFault.LINE_END);
    }
  }

  /** Whether a request ends with the line. */
  private boolean lineEnded() throws FramingException {
    int to = filled - CRLF;
    headerBytes += filled;
    filled = 0;
    boolean ended = lineEnded(to);
    if (line.length > limits.maxLineBytes()) {
      line = new byte[SMALL];
    }
    return ended;
  }

  private boolean lineEnded(int to) throws FramingException {
    switch (state) {
      case REQUEST_LINE -> {
        if (to == 0 && !emptyLine) {
          emptyLine = true; // RFC 9112, 2.2: some clients send one too many.
          return false;
        }
        head.requestLine(line, to);
        kept.begin();
        headerBytes = 0;
        state = State.FIELD;
      }
      case FIELD -> {
        if (to == 0) {
          head.end();
          headRead = true;
          return headEnded();
        }
        head.field(line, to);
      }
      case CHUNK_SIZE -> {
        left = chunks.size(line, to);
        headerBytes = 0;
        state = left == 0 ? State.TRAILER : State.CHUNK;
      }
      case CHUNK_END -> {
        if (to != 0) {
          throw new FramingException(FramingFault.CHUNK);
        }
        state = State.CHUNK_SIZE;
      }
      case TRAILER -> {
        if (to == 0) {
          return requestEnded();
        }
        if (++trailers > limits.maxHeaderFields()) {
          throw new FramingException(FramingFault.TRAILER);
        }
        TrailerFields.check(line, to);
        kept.line(line, to);
      }
      case BODY, CHUNK -> throw new IllegalStateException("no line in " + state);
    }
    return false;
  }

  private boolean headEnded() {
    if (head.isChunked()) {
      chunks.begin();
      trailers = 0;
      state = State.CHUNK_SIZE;
      return false;
    }
    left = head.length();
    if (left == 0) {
      return requestEnded();
    }
    state = State.BODY;
    return false;
  }

  /** Whether a request ends with the data. */
  private boolean dataEnded() {
    if (state == State.BODY) {
      return requestEnded();
    }
    state = State.CHUNK_END;
    return false;
  }

  private boolean requestEnded() {
    state = State.REQUEST_LINE;
    emptyLine = false;
    ended = true;
    kept.end();
    return true;
  }

  /** How long the line may be, its end included. */
  private int room() {
    return switch (state) {
      case REQUEST_LINE -> limits.maxLineBytes() + CRLF;
      case CHUNK_SIZE -> ChunkedBody.MAX_LINE;
      case CHUNK_END -> CRLF;
      default -> limits.maxHeaderBytes() - headerBytes;
    };
  }

  private FramingFault tooLong() {
    return switch (state) {
      case REQUEST_LINE -> FramingFault.LINE_TOO_LONG;
      case CHUNK_SIZE, CHUNK_END -> FramingFault.CHUNK;
      case TRAILER -> FramingFault.TRAILER;
      default -> FramingFault.HEADER_TOO_LARGE;
    };
  }
}
