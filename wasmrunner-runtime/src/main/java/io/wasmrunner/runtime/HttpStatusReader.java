package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the status of an answer, and nothing more. */
final class HttpStatusReader implements HttpGet.Reader<Integer> {
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})\\b.*");
  private static final int LINE_LIMIT = 1024;

  private final StringBuilder line = new StringBuilder();

  @Override
  public Optional<Integer> take(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      char next = (char) (bytes.get() & 0xff);
      if (next != '\n') {
        line.append(next);
      }
      if (next == '\n' || line.length() >= LINE_LIMIT) {
        return Optional.of(status());
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Integer> end() {
    return Optional.empty();
  }

  private int status() throws IOException {
    Matcher matcher = STATUS_LINE.matcher(line.toString().strip());
    if (!matcher.matches()) {
      throw new IOException("the answer is no HTTP");
    }
    return Integer.parseInt(matcher.group(1));
  }
}
