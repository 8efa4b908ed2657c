package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import io.vertx.core.net.HostAndPort;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

  /** Makes the header of the request to a runner. */
  static HeadersMultiMap of(Exchange exchange, LiveUpstream upstream) {
    HttpServerRequest request = exchange.request();
    Caller caller = exchange.caller();
    MultiMap in = request.headers();
    HeadersMultiMap out = copied(request, in, caller.trusted());
    // None of what follows was copied: OwnFields and HopHeaders see to that.
    out.add(HttpHeaders.HOST, upstream.authority());
    askForTrailers(out, in);
    MultiMap believed = caller.trusted() ? in : null;
    String host = host(request);
    String proto = request.isSSL() ? "https" : "http";
    out.add(X_FORWARDED_FOR, appended(believed, X_FORWARDED_FOR, caller.peer()));
    String forwardedProto = first(believed, X_FORWARDED_PROTO, proto);
    out.add(X_FORWARDED_PROTO, forwardedProto == null ? proto : forwardedProto);
    String forwardedHost = first(believed, X_FORWARDED_HOST, host);
    if (forwardedHost != null) {
      out.add(X_FORWARDED_HOST, forwardedHost);
    }
    out.add(FORWARDED, appended(believed, FORWARDED, element(caller.peer(), host, proto)));
    String via =
        switch (request.version()) {
          case HTTP_1_0 -> BY_US_10;
          case HTTP_1_1 -> BY_US_11;
          case HTTP_2 -> BY_US_20;
        };
    out.add(VIA, appended(in, VIA, via));
    out.add(X_REAL_IP, caller.address());
    out.add(X_REQUEST_ID, caller.requestId());
    out.add(TRACEPARENT, caller.trace().parent(exchange.loop().options().edge().random()));
    String state = caller.trace().state();
    if (state != null) {
      out.add(TRACESTATE, state);
    }
    exchange
        .loop()
        .options()
        .tls()
        .ifPresent(tls -> ClientSubject.set(out, request.connection(), tls));
    return out;
  }

  /** What goes on as the client has sent it. */
  private static HeadersMultiMap copied(HttpServerRequest request, MultiMap in, boolean trusted) {
    Set<String> named = HopHeaders.namedIn(in.getAll(HttpHeaders.CONNECTION));
    if (in instanceof io.netty.handler.codec.http.HttpHeaders decoded) {
      HeadersMultiMap out = HeadersMultiMap.httpHeaders(ForwardedHeaders::checkValue);
      Iterator<Map.Entry<CharSequence, CharSequence>> fields = decoded.iteratorCharSequence();
      while (fields.hasNext()) {
        Map.Entry<CharSequence, CharSequence> field = fields.next();
        if (passes(field.getKey(), named, trusted)) {
          out.add(field.getKey(), field.getValue());
        }
      }
      return out;
    }
    HeadersMultiMap out = HeadersMultiMap.httpHeaders();
    in.forEach(
        (name, value) -> {
          if (passes(name, named, trusted)) {
            out.add(name, value);
          }
        });
    if (ClientStream.isHttp2(request)) {
      joinCookies(out);
    }
    return out;
  }

  private static boolean passes(CharSequence name, Set<String> named, boolean trusted) {
    return !HopHeaders.is(name)
        && !OwnFields.are(name, trusted)
        && !HopHeaders.isNamed(named, name);
  }

  /** Names were checked when they were decoded; values may be made of what clients say. */
  private static void checkValue(CharSequence name, CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new IllegalArgumentException("a control character in the value of " + name);
      }
    }
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
}
