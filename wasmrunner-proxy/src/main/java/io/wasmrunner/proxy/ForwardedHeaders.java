package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header a runner gets.
 *
 * <p>{@code Host} is the runner's own address; what the client asked for is in {@code
 * X-Forwarded-Host}. What the client says about earlier hops is believed when it connects from this
 * machine (another proxy in front), and dropped otherwise.
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
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("Forwarded");
  private static final CharSequence VIA = HttpHeaders.createOptimized("Via");
  private static final String BY_US_11 = "1.1 wasmrunner";
  private static final String BY_US_20 = "2.0 wasmrunner";
  private static final String BY_US_10 = "1.0 wasmrunner";

  private ForwardedHeaders() {}

  /** Fills the header of the request to a runner. */
  static void fill(MultiMap out, HttpServerRequest request, LiveUpstream upstream) {
    MultiMap in = request.headers();
    Set<String> named = HopHeaders.namedIn(in);
    in.forEach(
        (name, value) -> {
          if (!HopHeaders.is(name) && !isReplaced(name) && !isNamed(named, name)) {
            out.add(name, value);
          }
        });
    if (ClientStream.isHttp2(request)) {
      joinCookies(out);
    }
    out.set(HttpHeaders.HOST, upstream.authority());
    SocketAddress remote = request.remoteAddress();
    String client = remote == null || remote.hostAddress() == null ? "" : remote.hostAddress();
    boolean believed = isLoopback(client);
    String host = host(request);
    String proto = request.isSSL() ? "https" : "http";

    out.set(X_FORWARDED_FOR, appended(believed ? in : null, X_FORWARDED_FOR, client));
    out.set(X_FORWARDED_PROTO, first(believed ? in : null, X_FORWARDED_PROTO, proto));
    String forwardedHost = first(believed ? in : null, X_FORWARDED_HOST, host);
    if (forwardedHost != null) {
      out.set(X_FORWARDED_HOST, forwardedHost);
    }
    out.set(FORWARDED, appended(believed ? in : null, FORWARDED, element(client, host, proto)));
    String via =
        switch (request.version()) {
          case HTTP_1_0 -> BY_US_10;
          case HTTP_1_1 -> BY_US_11;
          case HTTP_2 -> BY_US_20;
        };
    out.set(VIA, appended(in, VIA, via));
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

  private static boolean isReplaced(String name) {
    return switch (name.length()) {
      case 3 -> name.equalsIgnoreCase("via");
      case 4 -> name.equalsIgnoreCase("host");
      case 6 -> name.equalsIgnoreCase("expect");
      case 9 -> name.equalsIgnoreCase("forwarded");
      case 14 -> name.equalsIgnoreCase("wr-inner-token");
      case 15 -> name.equalsIgnoreCase("x-forwarded-for");
      case 16 -> name.equalsIgnoreCase("x-forwarded-host");
      case 17 -> name.equalsIgnoreCase("x-forwarded-proto") || isOurs(name, "x-wasmrunner-auth");
      case 21 -> isOurs(name, "x-wasmrunner-identity");
      default -> false;
    };
  }

  /** Also as CGI and its heirs read it: they do not tell _ from -. */
  private static boolean isOurs(String name, String ours) {
    return name.replace('_', '-').equalsIgnoreCase(ours);
  }

  private static boolean isNamed(Set<String> named, String name) {
    return !named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT));
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
  }
}
