package io.wasmrunner.runtime;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which names the host has looked up for a guest, by the addresses it found. Forgets after an hour,
 * and the longest unasked first when there are too many. Thread-safe.
 */
final class PinnedNames {
  static final Duration KEPT = Duration.ofHours(1);
  static final int MOST_ADDRESSES = 1024;
  static final int MOST_NAMES = 16;

  private final Clock clock;
  private final Map<InetAddress, Map<String, Instant>> byAddress = new LinkedHashMap<>();

  PinnedNames(Clock clock) {
    this.clock = clock;
  }

  /** The host found these addresses for this canonical name. */
  synchronized void pin(String name, InetAddress[] addresses) {
    Instant until = clock.instant().plus(KEPT);
    for (InetAddress address : addresses) {
      Map<String, Instant> names = byAddress.remove(address);
      names = names == null ? new LinkedHashMap<>() : names;
      names.remove(name);
      names.put(name, until);
      dropFirst(names, MOST_NAMES);
      byAddress.put(address, names);
      dropFirst(byAddress, MOST_ADDRESSES);
    }
  }

  /** Names for which the host found this address within the last hour, sorted. */
  synchronized Set<String> namesOf(InetAddress address) {
    Map<String, Instant> names = byAddress.get(address);
    if (names == null) {
      return Set.of();
    }
    Instant now = clock.instant();
    names.values().removeIf(until -> !until.isAfter(now));
    if (names.isEmpty()) {
      byAddress.remove(address);
    }
    return new TreeSet<>(names.keySet());
  }

  private static void dropFirst(Map<?, ?> map, int most) {
    Iterator<?> oldest = map.keySet().iterator();
    while (map.size() > most) {
      oldest.next();
      oldest.remove();
    }
  }
}
