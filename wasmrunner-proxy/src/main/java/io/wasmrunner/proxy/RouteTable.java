package io.wasmrunner.proxy;

import io.wasmrunner.proxy.RequestTarget.Refused;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All routes at one moment. Immutable; replaced whole. */
final class RouteTable {

  /** Before the first snapshot. */
  static final RouteTable UNKNOWN = new RouteTable(Long.MIN_VALUE, List.of());

  private final long revision;
  private final List<ServiceRoute> routes;
  private final Map<String, ServiceRoute> byPrefix = new HashMap<>();
  private final Map<String, ServiceRoute> byService = new HashMap<>();
  private final int deepest;

  RouteTable(long revision, List<ServiceRoute> routes) {
    this.revision = revision;
    this.routes = List.copyOf(routes);
    int depth = 0;
    for (ServiceRoute route : routes) {
      String prefix = canonical(encoded(route.route().prefix()));
      byPrefix.putIfAbsent(prefix, route);
      byService.putIfAbsent(route.route().service(), route);
      depth = Math.max(depth, 1 + (int) prefix.chars().filter(c -> c == '/').count());
    }
    this.deepest = depth;
  }

  /**
   * Where a path leads.
   *
   * @param route the route with the longest matching prefix
   * @param path the rest, as it came, with a leading slash
   */
  record Match(ServiceRoute route, String path) {}

  long revision() {
    return revision;
  }

  List<ServiceRoute> routes() {
    return routes;
  }

  /** Whether the runtime has told its routes. */
  boolean known() {
    return revision != Long.MIN_VALUE;
  }

  /** The route of a service as it is now. */
  @Nullable ServiceRoute ofService(String service) {
    return byService.get(service);
  }

  /**
   * The route for a target: the longest prefix that ends at a segment boundary.
   *
   * @throws Refused when encoded or doubled slashes make it lead to two places
   */
  @Nullable Match find(RequestTarget target) throws Refused {
    String path = target.path();
    Match match = match(path);
    String open = target.openPath();
    if (!open.equals(path)) {
      Match other = match(open);
      if (Reserved.is(open) || !serviceOf(other).equals(serviceOf(match))) {
        throw new Refused("the path holds an encoded or doubled slash where the prefix ends");
      }
    }
    return match;
  }

  private static String serviceOf(@Nullable Match match) {
    return match == null ? "" : match.route().service();
  }

  private @Nullable Match match(String path) {
    String canonical = canonical(path);
    int[] ends = new int[deepest];
    int depth = 0;
    for (int end = 0; depth < deepest && end < canonical.length(); depth++) {
      end = segmentEnd(canonical, end + 1);
      ends[depth] = end;
    }
    while (depth > 0) {
      depth--;
      ServiceRoute route = byPrefix.get(canonical.substring(1, ends[depth]));
      if (route != null) {
        return new Match(route, rest(path, depth + 1));
      }
    }
    return null;
  }

  private static String rest(String path, int segments) {
    int end = 0;
    for (int i = 0; i < segments; i++) {
      end = segmentEnd(path, end + 1);
    }
    return end == path.length() ? "/" : path.substring(end);
  }

  private static int segmentEnd(String path, int from) {
    int end = path.indexOf('/', from);
    return end < 0 ? path.length() : end;
  }

  /** With encoded letters, digits and {@code -._~} decoded: RFC 3986, 6.2.2. */
  static String canonical(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    StringBuilder plain = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%' && i + 2 < path.length()) {
        int octet = Integer.parseInt(path.substring(i + 1, i + 3), 16);
        if (isUnreserved(octet)) {
          plain.append((char) octet);
        } else {
          plain.append(String.format("%%%02X", octet));
        }
        i += 2;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static String encoded(String prefix) {
    StringBuilder encoded = new StringBuilder(prefix.length());
    for (byte b : prefix.getBytes(StandardCharsets.UTF_8)) {
      if (b <= 0x20 || b == '%') {
        encoded.append(String.format("%%%02X", b & 0xff));
      } else {
        encoded.append((char) b);
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
