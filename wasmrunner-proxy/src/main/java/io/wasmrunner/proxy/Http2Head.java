package io.wasmrunner.proxy;

import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What holds for the head of a request in HTTP/1, and Netty does not look at in HTTP/2. */
final class Http2Head {
  private Http2Head() {}

  /** What is wrong with it; null for nothing. */
  static @Nullable FramingFault fault(HttpServerRequest request, ProxyLimits limits) {
    if (FieldName.misleads(request.headers().names())) {
      return FramingFault.MISLEADING_FIELD;
    }
    // As long as the line would be in HTTP/1, but for the version.
    if (request.uri().length() + request.method().name().length() + 1 > limits.maxLineBytes()) {
      return FramingFault.LINE_TOO_LONG;
    }
    int fields = 0;
    long bytes = 0;
    boolean cookies = false;
    for (Map.Entry<String, String> field : request.headers()) {
      bytes += field.getKey().length() + field.getValue().length();
      if (!field.getKey().equalsIgnoreCase("cookie")) {
        fields++;
      } else if (!cookies) {
        cookies = true; // HTTP/2 lets a client split them: RFC 9113, 8.2.3.
        fields++;
      }
    }
    return fields > limits.maxHeaderFields() || bytes > limits.maxHeaderBytes()
        ? FramingFault.HEADER_TOO_LARGE
        : null;
  }
}
