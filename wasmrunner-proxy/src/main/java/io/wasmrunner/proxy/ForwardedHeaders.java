package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header a runner gets.
 *
 * <p>{@code Host} is the runner's own address; what the client asked for is in {@code
 * X-Forwarded-Host}. What is said about earlier hops, the request's id and its trace is believed
 * when a trusted proxy says it, and replaced otherwise.
 */
final class ForwardedHeaders {
  /** The header that the inner listener asks for; it never reaches a service. */
  static final CharSequence INNER_TOKEN = HttpHeaders.createOptimized("WR-Inner-Token");

  private static final CharSequence X_FORWARDED_FOR =
      HttpHeaders.createOptimized("X-Forwarded-For");
  private static final CharSequence X_FORWARDED_PROTO =
      HttpHeaders.createOptimized("X-Forwarded-Proto");
  private static final CharSequence X_FORWARDED_HOST =
      HttpHeaders.createOptimized("X-Forwarded-Host");
  private static final CharSequence X_REAL_IP = HttpHeaders.createOptimized("X-Real-IP");
  private static final CharSequence X_REQUEST_ID = HttpHeaders.createOptimized(Caller.REQUEST_ID);
  private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  private static final CharSequence TRACESTATE = HttpHeaders.createOptimized("tracestate");
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("Forwarded");
  private static final CharSequence VIA = HttpHeaders.createOptimized("Via");
  private static final CharSequence TE = HttpHeaders.createOptimized("TE");
  private static final CharSequence TRAILERS = HttpHeaders.createOptimized("trailers");
  private static final String BY_US_11 = "1.1 wasmrunner";
  private static final String BY_US_20 = "2.0 wasmrunner";
  private static final String BY_US_10 = "1.0 wasmrunner";

  private ForwardedHeaders() {}

  /** Fills the header of the request to a runner. */
  static void fill(MultiMap out, Exchange exchange, LiveUpstream upstream) {
    HttpServerRequest request = exchange.request();
    Caller caller = exchange.caller();
    MultiMap in = request.headers();
    Set<String> named = HopHeaders.namedIn(in);
    in.forEach(
        (name, value) -> {
          if (!HopHeaders.is(name)
              && !OwnFields.are(name, caller.trusted())
              && !isNamed(named, name)) {
            out.add(name, value);
          }
        });
    if (ClientStream.isHttp2(request)) {
      joinCookies(out);
    }
    out.set(HttpHeaders.HOST, upstream.authority());
    askForTrailers(out, in);
    MultiMap believed = caller.trusted() ? in : null;
    String host = host(request);
    String proto = request.isSSL() ? "https" : "http";
    out.set(X_FORWARDED_FOR, appended(believed, X_FORWARDED_FOR, caller.peer()));
    out.set(X_FORWARDED_PROTO, first(believed, X_FORWARDED_PROTO, proto));
    String forwardedHost = first(believed, X_FORWARDED_HOST, host);
    if (forwardedHost != null) {
      out.set(X_FORWARDED_HOST, forwardedHost);
    }
    out.set(FORWARDED, appended(believed, FORWARDED, element(caller.peer(), host, proto)));
    String via =
        switch (request.version()) {
          case HTTP_1_0 -> BY_US_10;
          case HTTP_1_1 -> BY_US_11;
          case HTTP_2 -> BY_US_20;
        };
    out.set(VIA, appended(in, VIA, via));
    out.set(X_REAL_IP, caller.address());
    out.set(X_REQUEST_ID, caller.requestId());
    out.set(TRACEPARENT, caller.trace().parent(exchange.loop().options().edge().random()));
    String state = caller.trace().state();
    if (state != null) {
      out.set(TRACESTATE, state);
    }
    exchange
        .loop()
        .options()
        .tls()
        .ifPresent(tls -> ClientSubject.set(out, request.connection(), tls));
  }

  /** Trailers pass both ways, so a client that takes them may have them. */
  private static void askForTrailers(MultiMap out, MultiMap in) {
    for (String value : in.getAll(TE)) {
      for (String coding : value.split(",", -1)) {
        if (coding.strip().equalsIgnoreCase("trailers")) {
          out.set(TE, TRAILERS);
          out.set(HttpHeaders.CONNECTION, TE);
          return;
        }
      }
    }
  }

  private static @Nullable String host(HttpServerRequest request) {
    if (ClientStream.isHttp2(request)) {
      HostAndPort authority = request.authority();
      return authority == null ? null : authority.toString();
    }
    return request.headers().get(HttpHeaders.HOST);
  }

  /** Joins what HTTP/2 lets a client split, and HTTP/1 does not: RFC 9113, 8.2.3. */
  private static void joinCookies(MultiMap out) {
    List<String> cookies = out.getAll(HttpHeaders.COOKIE);
    if (cookies.size() > 1) {
      out.set(HttpHeaders.COOKIE, String.join("; ", cookies));
    }
  }

  /** Address of the client as {@code Forwarded} wants it. */
  private static String element(String client, @Nullable String host, String proto) {
    StringBuilder element = new StringBuilder(80).append("for=");
    if (client.indexOf(':') >= 0) {
      element.append("\"[").append(client).append("]\"");
    } else {
      element.append(client.isEmpty() ? "unknown" : client);
    }
    if (host != null && host.indexOf('"') < 0 && host.indexOf('\\') < 0) {
      element.append(";host=\"").append(host).append('"');
    }
    return element.append(";proto=").append(proto).toString();
  }

  private static String appended(@Nullable MultiMap in, CharSequence name, String last) {
    List<String> earlier = in == null ? List.of() : in.getAll(name);
    return earlier.isEmpty() ? last : String.join(", ", earlier) + ", " + last;
  }

  private static @Nullable String first(
      @Nullable MultiMap in, CharSequence name, @Nullable String otherwise) {
    String given = in == null ? null : in.get(name);
    return given == null || given.isBlank() ? otherwise : given;
  }

  private static boolean isNamed(Set<String> named, String name) {
    return !named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT));
  }
}
