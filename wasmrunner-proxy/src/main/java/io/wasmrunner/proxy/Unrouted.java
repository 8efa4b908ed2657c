package io.wasmrunner.proxy;

import java.util.List;

/** What the sender of a request is told that no service has a prefix for. */
final class Unrouted {
  private static final int LISTED_PREFIXES = 20;

  private Unrouted() {}

  static Refusal refusal(RouteTable table, RequestTarget target) {
    if (!table.known()) {
      return Problem.STARTING.because("The services are not known yet.", "Try again in a second.");
    }
    List<String> prefixes =
        table.routes().stream().map(route -> route.route().prefix()).sorted().toList();
    List<String> listed = prefixes.subList(0, Math.min(prefixes.size(), LISTED_PREFIXES));
    String fix;
    if (prefixes.isEmpty()) {
      fix = "There are no services. Put one into the services folder.";
    } else {
      fix =
          "Known prefixes: "
              + String.join(", ", listed)
              + (listed.size() < prefixes.size()
                  ? " and " + (prefixes.size() - listed.size()) + " more."
                  : ".");
    }
    return Problem.UNKNOWN_PREFIX
        .because("No service is served at " + shortened(target.path()) + ".", fix)
        .with("known_prefixes", listed);
  }

  private static String shortened(String path) {
    return path.length() <= 200 ? path : path.substring(0, 200) + "…";
  }
}
