package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and under which ids.
 *
 * @param peer address of who has connected, as text; empty when unknown
 * @param trusted whether its word about earlier hops counts
 * @param address address of the client, as far as trusted proxies tell it
 * @param requestId what the request is called in the log, in the answer and at the service
 * @param trace the trace it belongs to
 */
record Caller(String peer, boolean trusted, String address, String requestId, TraceContext trace) {
  static final String REQUEST_ID = "X-Request-Id";
  private static final int MOST_ID_CHARACTERS = 128;

  /**
   * Reads it from a request.
   *
   * @param inner whether it came with the token of this process, which is as good as a place in the
   *     list
   */
  static Caller of(
      HttpServerRequest request,
      TrustedProxies.Matcher proxies,
      RandomGenerator random,
      boolean inner) {
    SocketAddress remote = request.remoteAddress();
    String known = remote == null ? null : remote.hostAddress();
    String peer = known == null ? "" : known;
    boolean trusted = inner || proxies.contains(peer);
    if (!trusted) {
      return new Caller(peer, false, peer, newId(random), TraceContext.begin(random));
    }
    MultiMap headers = request.headers();
    String id = headers.get(REQUEST_ID);
    TraceContext trace = TraceContext.of(headers);
    return new Caller(
        peer,
        true,
        proxies.client(peer, hops(headers)),
        id != null && isFine(id) ? id : newId(random),
        trace == null ? TraceContext.begin(random) : trace);
  }

  /** Somebody whose request cannot be read. */
  static Caller unread(@Nullable String address, RandomGenerator random) {
    String peer = address == null ? "" : address;
    return new Caller(peer, false, peer, newId(random), TraceContext.begin(random));
  }

  /** The address for people. */
  String shownAddress() {
    return address.isEmpty() ? "an unknown address" : address;
  }

  /** Whether it is somebody on this machine, and nobody whom a proxy there speaks for. */
  boolean isLocal(MultiMap headers) {
    return isLoopback(peer)
        && isLoopback(address)
        && !headers.contains("X-Forwarded-For")
        && !headers.contains("Forwarded")
        && !headers.contains("Via");
  }

  /** A new request id: 32 hexadecimal digits. */
  static String newId(RandomGenerator random) {
    return TraceContext.id(random) + TraceContext.id(random);
  }

  private static boolean isFine(String id) {
    if (id.isEmpty() || id.length() > MOST_ID_CHARACTERS) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean fine =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-_.~:+/=@".indexOf(c) >= 0;
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  /** Earlier hops, oldest first: of the three ways to tell them the first that is there. */
  private static List<String> hops(MultiMap headers) {
    List<String> hops = new ArrayList<>();
    for (String field : headers.getAll("X-Forwarded-For")) {
      hops.addAll(List.of(field.split(",", -1)));
    }
    if (hops.isEmpty()) {
      for (String field : headers.getAll("Forwarded")) {
        for (String element : field.split(",", -1)) {
          hops.add(forOf(element));
        }
      }
    }
    if (hops.isEmpty()) {
      hops.addAll(headers.getAll("X-Real-IP"));
    }
    return hops;
  }

  /** Value of {@code for} in an element of {@code Forwarded}; a comma in quotes is none of ours. */
  private static String forOf(String element) {
    for (String pair : element.split(";", -1)) {
      String stripped = pair.strip();
      if (stripped.toLowerCase(Locale.ROOT).startsWith("for=")) {
        String value = stripped.substring(4);
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
            ? value.substring(1, value.length() - 1)
            : value;
      }
    }
    return "";
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
  }
}
