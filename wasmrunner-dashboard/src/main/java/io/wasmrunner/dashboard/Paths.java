package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The paths we answer, and how names travel in them. */
final class Paths {
  static final String ROOT = "/__runner__";
  static final String API = ROOT + "/api/v1";
  static final String UI = ROOT + "/ui";

  private static final String UNRESERVED = "-._~";

  private Paths() {}

  static boolean isApi(RoutingContext context) {
    return context.normalizedPath().startsWith(API);
  }

  static boolean isPage(RoutingContext context) {
    String path = context.normalizedPath();
    return path.equals("/") || path.startsWith(UI + "/");
  }

  /** A name as one path segment. */
  static String encode(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte value : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (value & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(hex(c >> 4)).append(hex(c & 15));
      }
    }
    return encoded.toString();
  }

  /** Segments encoded and joined by single slashes, none at the ends. */
  static String encodeSegments(String path) {
    return Pattern.compile("/+")
        .splitAsStream(path)
        .filter(segment -> !segment.isEmpty())
        .map(Paths::encode)
        .collect(Collectors.joining("/"));
  }

  /** The name that a part of a path stands for; a plus is a plus. */
  static String decode(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); ) {
      char c = encoded.charAt(i);
      if (c == '%') {
        int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
        int low = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw Problem.malformedPath();
        }
        bytes.write(high << 4 | low);
        i += 3;
      } else {
        int codePoint = encoded.codePointAt(i);
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(codePoint);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw Problem.malformedPath();
    }
  }

  private static char hex(int digit) {
    return Character.toUpperCase(Character.forDigit(digit, 16));
  }
}
