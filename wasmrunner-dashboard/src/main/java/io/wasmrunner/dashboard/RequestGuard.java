package io.wasmrunner.dashboard;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses what a browser was tricked into: requests under a foreign host name (DNS rebinding), and
 * state changes that a page of another site sends. Requests without browser headers pass.
 */
final class RequestGuard implements Handler<RoutingContext> {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Set<String> hosts;
  private final boolean anyHost;

  RequestGuard(Set<String> allowedHosts, boolean anyHost) {
    this.hosts =
        allowedHosts.stream()
            .map(host -> bracketed(host.toLowerCase(Locale.ROOT)))
            .collect(Collectors.toUnmodifiableSet());
    this.anyHost = anyHost;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String authority = request.authority() == null ? "" : request.authority().toString();
    boolean twice = request.headers().getAll("Host").size() > 1;
    if (twice || (!anyHost && !hosts.contains(hostOf(authority)))) {
      throw Problem.unknownHost(authority);
    }
    if (!SAFE.contains(request.method())) {
      refuseForeign(request, authority);
    }
    context.next();
  }

  private static void refuseForeign(HttpServerRequest request, String authority) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw Problem.foreignOrigin("Sec-Fetch-Site is " + site);
    }
    for (String origin : request.headers().getAll("Origin")) {
      if (!sameOrigin(origin, authority)) {
        throw Problem.foreignOrigin("Origin is " + origin);
      }
    }
  }

  private static boolean sameOrigin(String origin, String authority) {
    int end = origin.indexOf("://");
    if (end < 0) {
      return false;
    }
    String scheme = origin.substring(0, end).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return false;
    }
    String defaultPort = scheme.equals("http") ? ":80" : ":443";
    return withPort(origin.substring(end + 3), defaultPort)
        .equals(withPort(authority, defaultPort));
  }

  private static String withPort(String authority, String defaultPort) {
    String lower = authority.toLowerCase(Locale.ROOT);
    return hostOf(lower).length() == lower.length() ? lower + defaultPort : lower;
  }

  private static String hostOf(String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    int port = lower.indexOf(':', lower.lastIndexOf(']') + 1);
    return port < 0 ? lower : lower.substring(0, port);
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
