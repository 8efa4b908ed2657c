package io.wasmrunner.proxy.balancing;

import io.wasmrunner.model.RunnerId;
import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The upstream that a cookie names, and by turns for who has none, who then gets one. When that
 * upstream is away the next one takes over, and the client with it.
 *
 * <p>The cookie holds a digest of the runner's name, the same in every process and after a restart.
 * It tells nothing about the inside, and is no secret: who makes one up chooses a runner, no more.
 */
final class StickyCookie implements LoadBalancingStrategy {
  private static final int BYTES = 8;

  private final Optional<String> name;
  private final Optional<Integer> maxAgeSeconds;
  private final RoundRobin newcomers = new RoundRobin();
  private final Map<RunnerId, String> values = new ConcurrentHashMap<>();

  /**
   * Makes the strategy.
   *
   * @param name of the cookie; else one made from the name of the service
   * @param maxAgeSeconds how long the client keeps it; else until the browser ends
   */
  StickyCookie(Optional<String> name, Optional<Integer> maxAgeSeconds) {
    this.name = name;
    this.maxAgeSeconds = maxAgeSeconds;
  }

  @Override
  public Upstream choose(List<Upstream> available, BalancedRequest request) {
    String cookie = name.orElseGet(() -> nameFor(available.get(0).id().service()));
    Optional<String> given = request.cookie(cookie);
    if (given.isPresent()) {
      for (Upstream upstream : available) {
        if (value(upstream).equals(given.get())) {
          return upstream;
        }
      }
    }
    Upstream chosen = newcomers.pick(available);
    request.addAnswerHeader("Set-Cookie", setCookie(cookie, value(chosen), request.secure()));
    return chosen;
  }

  @Override
  public boolean heedsWeights() {
    return true;
  }

  private String setCookie(String cookie, String value, boolean secure) {
    StringBuilder text = new StringBuilder(80).append(cookie).append('=').append(value);
    text.append("; Path=/");
    maxAgeSeconds.ifPresent(seconds -> text.append("; Max-Age=").append(seconds));
    return text.append(secure ? "; Secure" : "").append("; HttpOnly; SameSite=Lax").toString();
  }

  private String value(Upstream upstream) {
    // Bounded by the indexes that were ever in use.
    return values.computeIfAbsent(upstream.id(), StickyCookie::digest);
  }

  private static String digest(RunnerId id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("wasmrunner sticky " + id).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One cookie for each service: they share the entry point. */
  private static String nameFor(String service) {
    return "wr_" + service.replaceAll("[^A-Za-z0-9_-]", "_");
  }
}
