package io.wasmrunner.proxy;

/** The value of a Transfer-Encoding field. */
final class TransferCodings {
  private TransferCodings() {}

  /**
   * Whether there is a coding besides {@code chunked}.
   *
   * @throws FramingException when the end of the body would be in doubt: {@code chunked} does not
   *     come last and once, or the list is malformed
   */
  static boolean check(byte[] line, int from, int to) throws FramingException {
    int codings = 0;
    int start = from;
    while (true) {
      int end = Octets.tokenEnd(line, start, to);
      boolean chunked = Octets.are(line, start, end, "chunked");
      if (end == start || chunked != (end == to)) {
        throw new FramingException(FramingFault.TRANSFER_ENCODING);
      }
      codings++;
      if (end == to) {
        return codings > 1;
      }
      start = next(line, end, to);
    }
  }

  private static int next(byte[] line, int from, int to) throws FramingException {
    int at = from;
    while (at < to && Octets.isBlank(line[at])) {
      at++;
    }
    if (at == to || line[at] != ',') {
      throw new FramingException(FramingFault.TRANSFER_ENCODING);
    }
    at++;
    while (at < to && Octets.isBlank(line[at])) {
      at++;
    }
    return at;
  }
}
