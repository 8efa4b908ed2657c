package io.wasmrunner.proxy;

/**
 * The lines of a body in chunks, checked: RFC 9112, 7.1. Used again for the next request of the
 * connection. Confined to its event loop.
 */
final class ChunkedBody {
  /** So long may the line with the size of a chunk be. */
  static final int MAX_LINE = 256;

  /** So much may all extensions of a body have together: they cost work and carry nothing. */
  private static final int MAX_EXTENSIONS = 1024;

  private static final int MAX_DIGITS = 16;

  private int extensions;

  void begin() {
    extensions = 0;
  }

  /** Size of the chunk that this line announces; 0 for the last one. */
  long size(byte[] line, int to) throws FramingException {
    long size = 0;
    int at = 0;
    for (; at < to && Character.digit(line[at], 16) >= 0; at++) {
      size = size * 16 + Character.digit(line[at], 16);
      check(at < MAX_DIGITS && size <= Integer.MAX_VALUE);
    }
    check(at > 0);
    extensions += to - at;
    check(extensions <= MAX_EXTENSIONS);
    while (at < to) {
      at = extension(line, at, to);
    }
    return size;
  }

  /** Reads {@code ;name} or {@code ;name=value}. A quoted value is read in two ways too often. */
  private static int extension(byte[] line, int from, int to) throws FramingException {
    check(line[from] == ';');
    int name = Octets.tokenEnd(line, from + 1, to);
    check(name > from + 1);
    if (name == to || line[name] != '=') {
      return name;
    }
    int value = Octets.tokenEnd(line, name + 1, to);
    check(value > name + 1);
    return value;
  }

  private static void check(boolean fine) throws FramingException {
    if (!fine) {
      throw new FramingException(FramingFault.CHUNK);
    }
  }
}
