package io.wasmrunner.proxy.policy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.wasmrunner.model.CorsPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says to browsers which pages may call: the CORS protocol of the Fetch standard. Immutable. */
final class Cors {
  private static final String ANY = "*";

  private final CorsPolicy policy;
  private final boolean anyOrigin;
  private final Set<String> origins = new HashSet<>();
  private final List<String[]> patterns;
  private final Set<String> headers = new HashSet<>();

  Cors(CorsPolicy policy) {
    this.policy = policy;
    this.anyOrigin = policy.origins().contains(ANY);
    policy.origins().stream()
        .filter(origin -> !origin.contains("://*."))
        .forEach(origin -> origins.add(origin.toLowerCase(Locale.ROOT)));
    this.patterns =
        policy.origins().stream()
            .map(origin -> origin.toLowerCase(Locale.ROOT))
            .filter(origin -> origin.contains("://*."))
            .map(
                origin -> {
                  int star = origin.indexOf('*');
                  return new String[] {origin.substring(0, star), origin.substring(star + 1)};
                })
            .toList();
    policy.headers().forEach(name -> headers.add(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether a browser asks if it may ask. */
  static boolean isPreflight(PolicyRequest request) {
    return request.method().equals("OPTIONS")
        && request.header(HttpHeaders.ORIGIN) != null
        && request.header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
  }

  /** Answers a preflight by header fields; a denial when the answer is no. */
  @Nullable Denial preflight(PolicyRequest request, MultiMap answer) {
    vary(answer);
    answer.add(HttpHeaders.VARY, "Access-Control-Request-Method, Access-Control-Request-Headers");
    String origin = String.valueOf(request.header(HttpHeaders.ORIGIN));
    String method = String.valueOf(request.header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD));
    String wanted = request.header(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    if (!allows(origin)) {
      return denial("Pages of this site may not call the service.", "cors.origins");
    }
    allow(origin, answer);
    if (!policy.methods().contains(method)) {
      return denial("Pages of other sites may not use this method.", "cors.methods");
    }
    if (wanted != null && !allowsHeaders(wanted)) {
      return denial("Pages of other sites may not send one of these fields.", "cors.headers");
    }
    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", policy.methods()));
    if (wanted != null) {
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    }
    answer.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, String.valueOf(policy.maxAge().toSeconds()));
    return null;
  }

  /** Adds what the browser has to know to the answer of a request. */
  void answer(PolicyRequest request, MultiMap answer) {
    vary(answer);
    String origin = request.header(HttpHeaders.ORIGIN);
    if (origin == null || !allows(origin)) {
      return;
    }
    allow(origin, answer);
    if (!policy.exposedHeaders().isEmpty()) {
      answer.set(
          HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(", ", policy.exposedHeaders()));
    }
  }

  /** Takes away what the service says itself: two answers would be none. */
  static void removeFrom(MultiMap headers) {
    headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS);
    headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS);
    headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS);
    headers.remove(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS);
    headers.remove(HttpHeaders.ACCESS_CONTROL_MAX_AGE);
  }

  private void allow(String origin, MultiMap answer) {
    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, anyOrigin ? ANY : origin);
    if (policy.credentials()) {
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
  }

  private void vary(MultiMap answer) {
    if (!anyOrigin) {
      answer.add(HttpHeaders.VARY, "Origin");
    }
  }

  private boolean allows(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    if (anyOrigin || origins.contains(lower)) {
      return true;
    }
    for (String[] pattern : patterns) {
      int name = lower.length() - pattern[0].length() - pattern[1].length();
      if (name > 0
          && lower.startsWith(pattern[0])
          && lower.endsWith(pattern[1])
          && isHostPart(lower, pattern[0].length(), pattern[0].length() + name)) {
        return true;
      }
    }
    return false;
  }

  /** So that no {@code https://evil.example/.a.example} gets through. */
  private static boolean isHostPart(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private boolean allowsHeaders(String wanted) {
    if (headers.contains(ANY)) {
      return true;
    }
    for (String name : wanted.split(",", -1)) {
      String field = name.strip().toLowerCase(Locale.ROOT);
      if (!field.isEmpty() && !headers.contains(field)) {
        return false;
      }
    }
    return true;
  }

  private static Denial denial(String detail, String key) {
    return Denial.of(
        Denial.Reason.ORIGIN_REFUSED,
        detail,
        "Whoever runs the service can add it to " + key + ".");
  }
}
