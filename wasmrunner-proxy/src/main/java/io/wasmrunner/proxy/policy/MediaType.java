package io.wasmrunner.proxy.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Media types: RFC 9110, 8.3.1. */
final class MediaType {
  private MediaType() {}

  /** Type and subtype in lower case, without parameters; empty for none. */
  static String essence(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  static boolean isJson(String essence) {
    return essence.equals("application/json") || essence.endsWith("+json");
  }
}
