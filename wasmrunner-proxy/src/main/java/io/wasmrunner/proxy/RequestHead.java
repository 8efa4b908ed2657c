package io.wasmrunner.proxy;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request, checked line by line: RFC 9112, without what it lets a tolerant server
 * accept. Used again for the next request of the connection. Confined to its event loop.
 */
final class RequestHead {
  private static final int LONGEST_METHOD = 32;

  private final int maxFields;
  private final Connection connection = new Connection();
  private int fields;
  private int minorVersion;
  private int hosts;
  private int lengths;
  private int codings;
  private boolean foreignCoding;
  private long length;
  private @Nullable String target;
  private @Nullable String host;
  private int protocols;
  private boolean h2c;
  private int settings;
  private boolean settingsReadable;

  RequestHead(int maxFields) {
    this.maxFields = maxFields;
  }

  /** The first line, without its end. */
  void requestLine(byte[] line, int to) throws FramingException {
    reset();
    int method = Octets.tokenEnd(line, 0, to);
    check(method > 0 && method < to && line[method] == ' ', FramingFault.METHOD);
    check(method <= LONGEST_METHOD, FramingFault.UNKNOWN_METHOD);
    int end = method + 1;
    while (end < to && !Octets.isBlank(line[end])) {
      end++;
    }
    check(end > method + 1 && to - end == 9 && line[end] == ' ', FramingFault.REQUEST_LINE);
    if (line[method + 1] != '/') {
      target = Octets.text(line, method + 1, end);
    }
    boolean http =
        Octets.text(line, end + 1, end + 6).equals("HTTP/")
            && isDigit(line[end + 6])
            && line[end + 7] == '.'
            && isDigit(line[end + 8]);
    check(http, FramingFault.REQUEST_LINE);
    minorVersion = line[end + 8] - '0';
    check(line[end + 6] == '1' && minorVersion <= 1, FramingFault.VERSION);
  }

  /** A header field, without its line end. */
  void field(byte[] line, int to) throws FramingException {
    check(++fields <= maxFields, FramingFault.HEADER_TOO_LARGE);
    check(!Octets.isBlank(line[0]), FramingFault.FOLDED_FIELD);
    int colon = Octets.tokenEnd(line, 0, to);
    check(colon > 0 && colon < to && line[colon] == ':', FramingFault.FIELD_NAME);
    int from = colon + 1;
    int end = to;
    while (from < end && Octets.isBlank(line[from])) {
      from++;
    }
    while (end > from && Octets.isBlank(line[end - 1])) {
      end--;
    }
    field(FieldName.of(line, colon), line, from, end);
  }

  private void field(FieldName name, byte[] line, int from, int to) throws FramingException {
    switch (name) {
      case OTHER -> {}
      case MISLEADING -> throw new FramingException(FramingFault.MISLEADING_FIELD);
      case HOST -> {
        check(++hosts == 1 && Octets.isHost(line, from, to), FramingFault.HOST);
        if (target != null) {
          host = Octets.text(line, from, to);
        }
      }
      case CONTENT_LENGTH -> {
        check(++lengths == 1, FramingFault.CONTENT_LENGTH);
        length = number(line, from, to);
      }
      case TRANSFER_ENCODING -> {
        check(++codings == 1, FramingFault.TRANSFER_ENCODING);
        foreignCoding = TransferCodings.check(line, from, to);
      }
      case CONNECTION -> connection.add(line, from, to);
      case UPGRADE -> {
        protocols++;
        h2c |= Octets.are(line, from, to, "h2c");
      }
      case HTTP2_SETTINGS -> {
        settings++;
        settingsReadable = Http2SettingsField.isReadable(line, from, to);
      }
    }
  }

  /** The empty line. */
  void end() throws FramingException {
    check(hosts == 1 || minorVersion == 0, FramingFault.HOST);
    check(codings == 0 || lengths == 0, FramingFault.TWO_LENGTHS);
    check(codings == 0 || minorVersion == 1, FramingFault.TRANSFER_ENCODING);
    check(!foreignCoding, FramingFault.TRANSFER_CODING);
    if (target != null && host != null) {
      check(Authority.agrees(target, host), FramingFault.HOST);
    }
  }

  /** Whether a body in chunks follows. */
  boolean isChunked() {
    return codings > 0;
  }

  /** Size of the body that follows if it is not in chunks. */
  long length() {
    return length;
  }

  /** Whether it asks for HTTP/2 on this connection, whatever the rest says. */
  boolean asksForHttp2() {
    return h2c;
  }

  /** Whether it asks for HTTP/2 as RFC 7540, 3.2 wants it, and has no body. */
  boolean mayBecomeHttp2() {
    return h2c
        && protocols == 1
        && connection.becomesHttp2()
        && settings == 1
        && settingsReadable
        && minorVersion == 1
        && codings == 0
        && length == 0;
  }

  private void reset() {
    fields = 0;
    hosts = 0;
    lengths = 0;
    codings = 0;
    foreignCoding = false;
    length = 0;
    target = null;
    host = null;
    protocols = 0;
    h2c = false;
    settings = 0;
    settingsReadable = false;
    connection.reset();
  }

  private static long number(byte[] line, int from, int to) throws FramingException {
    // 18 digits always fit into a long.
    check(to > from && to - from <= 18, FramingFault.CONTENT_LENGTH);
    long number = 0;
    for (int i = from; i < to; i++) {
      check(isDigit(line[i]), FramingFault.CONTENT_LENGTH);
      number = number * 10 + line[i] - '0';
    }
    return number;
  }

  private static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  private static void check(boolean fine, FramingFault otherwise) throws FramingException {
    if (!fine) {
      throw new FramingException(otherwise);
    }
  }

  /** The Connection fields of a request. */
  private static final class Connection {
    private int count;
    private boolean upgrade;
    private boolean settings;

    void reset() {
      count = 0;
      upgrade = false;
      settings = false;
    }

    void add(byte[] line, int from, int to) throws FramingException {
      count++;
      for (int start = from; start < to; ) {
        int end = Octets.tokenEnd(line, start, to);
        FieldName named = FieldName.of(line, start, end);
        check(
            named != FieldName.HOST
                && named != FieldName.CONTENT_LENGTH
                && named != FieldName.TRANSFER_ENCODING,
            FramingFault.CONNECTION);
        upgrade |= named == FieldName.UPGRADE;
        settings |= named == FieldName.HTTP2_SETTINGS;
        start = end == start ? start + 1 : end;
      }
    }

    boolean becomesHttp2() {
      return count == 1 && upgrade && settings;
    }
  }
}
