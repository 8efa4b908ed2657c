package io.wasmrunner.proxy.policy;

import io.vertx.core.http.HttpHeaders;
import io.wasmrunner.model.RequestBounds;
import org.jspecify.annotations.Nullable;

/** Holds requests to the bounds of a service. */
final class RequestSize {
  private static final int PER_FIELD = 4; // colon, space and line end

  private RequestSize() {}

  /** A denial when the head is too large, or announces a body that is. */
  static @Nullable Denial check(RequestBounds bounds, PolicyRequest request) {
    if (bounds.headerFields() > 0 && request.headers().size() > bounds.headerFields()) {
      return headers("More than " + bounds.headerFields() + " header fields.");
    }
    if (bounds.headerBytes() > 0) {
      int[] bytes = {0};
      request
          .headers()
          .forEach((name, value) -> bytes[0] += name.length() + value.length() + PER_FIELD);
      if (bytes[0] > bounds.headerBytes()) {
        return headers("More than " + bounds.headerBytes() + " bytes of header fields.");
      }
    }
    String length = request.header(HttpHeaders.CONTENT_LENGTH);
    return bounds.bodyBytes() > 0 && length != null && isMore(length, bounds.bodyBytes())
        ? body(bounds)
        : null;
  }

  static Denial body(RequestBounds bounds) {
    return Denial.of(
        Denial.Reason.BODY_TOO_LARGE,
        "The service takes at most " + bounds.bodyBytes() + " bytes.",
        "Send less at once.");
  }

  private static boolean isMore(String length, long most) {
    return length.length() > 18 || Long.parseLong(length) > most;
  }

  private static Denial headers(String detail) {
    return Denial.of(
        Denial.Reason.SERVICE_HEADERS_TOO_LARGE, detail, "Send fewer or smaller fields.");
  }
}
