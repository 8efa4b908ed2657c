package io.wasmrunner.proxy.policy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.wasmrunner.model.CompressionPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which answers are compressed, and how: RFC 9110, 8.4 and 12.5.3. Immutable. */
final class Compression {
  private final CompressionPolicy policy;
  private final Set<String> types = new HashSet<>();
  private final Set<String> kinds = new HashSet<>();

  Compression(CompressionPolicy policy) {
    this.policy = policy;
    for (String type : policy.types()) {
      if (type.endsWith("/*")) {
        kinds.add(type.substring(0, type.length() - 1));
      } else {
        types.add(type);
      }
    }
  }

  /**
   * A stage that compresses, with the header changed to fit; null when the answer stays as it is.
   */
  @Nullable BodyStage stage(PolicyRequest request, int status, MultiMap headers) {
    if (!isSuitable(status, headers)) {
      return null;
    }
    headers.add(HttpHeaders.VARY, "Accept-Encoding");
    String coding = coding(request.headers().getAll(HttpHeaders.ACCEPT_ENCODING));
    if (coding == null
        || request.request().method().equals(HttpMethod.HEAD)
        || request.request().version() == HttpVersion.HTTP_1_0
        || request.header("Range") != null) {
      return null;
    }
    boolean streamed = !headers.contains(HttpHeaders.CONTENT_LENGTH);
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    headers.remove(HttpHeaders.ACCEPT_RANGES);
    headers.set(HttpHeaders.CONTENT_ENCODING, coding);
    String tag = headers.get(HttpHeaders.ETAG);
    if (tag != null && tag.startsWith("\"")) {
      headers.set(HttpHeaders.ETAG, "W/" + tag); // Not the same octets any more.
    }
    return new DeflateStage(coding.equals("gzip"), policy.level(), streamed);
  }

  private boolean isSuitable(int status, MultiMap headers) {
    if (status == 206
        || headers.contains(HttpHeaders.CONTENT_ENCODING)
        || headers.contains(HttpHeaders.CONTENT_RANGE)
        || headers.contains("Content-Digest")
        || headers.contains("Repr-Digest")
        || headers.contains("Digest")) {
      return false;
    }
    for (String control : headers.getAll(HttpHeaders.CACHE_CONTROL)) {
      if (control.toLowerCase(Locale.ROOT).contains("no-transform")) {
        return false;
      }
    }
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return (length == null || Long.parseLong(length) >= policy.minBytes())
        && isListed(MediaType.essence(headers.get(HttpHeaders.CONTENT_TYPE)));
  }

  private boolean isListed(String type) {
    // An event stream has to arrive event by event, whatever text/* says.
    return !type.equals("text/event-stream")
        && (types.contains(type) || kinds.contains(type.substring(0, type.indexOf('/') + 1)));
  }

  /** The coding that the client likes best, gzip before deflate; null when it wants neither. */
  static @Nullable String coding(List<String> accepted) {
    double gzip = -1;
    double deflate = -1;
    double rest = 0;
    for (String field : accepted) {
      for (String each : field.split(",", -1)) {
        int semicolon = each.indexOf(';');
        String name = (semicolon < 0 ? each : each.substring(0, semicolon)).strip();
        double weight = semicolon < 0 ? 1 : weight(each.substring(semicolon + 1));
        switch (name.toLowerCase(Locale.ROOT)) {
          case "gzip", "x-gzip" -> gzip = weight;
          case "deflate" -> deflate = weight;
          case "*" -> rest = weight;
          default -> {}
        }
      }
    }
    double first = gzip < 0 ? rest : gzip;
    double second = deflate < 0 ? rest : deflate;
    if (first <= 0 && second <= 0) {
      return null;
    }
    return first >= second ? "gzip" : "deflate";
  }

  private static double weight(String parameter) {
    String text = parameter.strip();
    if (!text.regionMatches(true, 0, "q=", 0, 2) || text.length() > 7) {
      return text.isEmpty() ? 1 : 0;
    }
    try {
      return Double.parseDouble(text.substring(2).strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
