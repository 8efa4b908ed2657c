package io.wasmrunner.runtime;

import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.CapabilityStatus.Denial;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.Access.Operation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the runners of a service have reached, and what they were refused; bounded. A refusal is
 * told on its first time, and again after 10, 100, 1000 … times. Thread-safe.
 */
final class CapabilityRecord {
  /** Most targets in each list. */
  static final int MOST = 200;

  private final boolean restricted;
  private final boolean seen;
  private final CapabilityBlock block;
  private final Clock clock;
  private final BiConsumer<Integer, Denial> denials;

  private final SortedSet<String> outbound = new TreeSet<>();
  private final SortedSet<String> names = new TreeSet<>();
  private final SortedSet<Integer> inbound = new TreeSet<>();
  private final SortedSet<String> read = new TreeSet<>();
  private final SortedSet<String> changedIn = new TreeSet<>();
  private final Map<String, Denial> denied = new LinkedHashMap<>();
  private long omitted;
  private boolean changed;
  private @Nullable CapabilityStatus status;

  /**
   * A record with nothing in it.
   *
   * @param service whose runners do it
   * @param seen whether the launcher tells what they do; without, there is no suggestion
   * @param denials told of refusals worth telling, with the index of the runner; called on threads
   *     of the runners
   */
  CapabilityRecord(
      ServiceDefinition service, boolean seen, Clock clock, BiConsumer<Integer, Denial> denials) {
    this.seen = seen;
    this.restricted = service.guest().capabilities().isPresent();
    this.block = new CapabilityBlock(service.guest().capabilities(), service.folder());
    this.clock = clock;
    this.denials = denials;
  }

  /** Takes what a runner did. */
  void add(int runner, Access access) {
    if (access.denied().isPresent()) {
      deny(access, access.denied().get()).ifPresent(denial -> denials.accept(runner, denial));
    } else {
      use(access);
    }
  }

  /** Whether anything changed since this was asked last. */
  synchronized boolean takeChange() {
    boolean was = changed;
    changed = false;
    return was;
  }

  synchronized CapabilityStatus status() {
    CapabilityStatus known = status;
    if (known == null) {
      SortedSet<String> all = entries();
      known =
          new CapabilityStatus(
              restricted,
              List.copyOf(all),
              List.copyOf(inbound),
              new ArrayList<>(denied.values()),
              omitted,
              seen ? block.with(all, inbound, read, changedIn) : "");
      status = known;
    }
    return known;
  }

  private synchronized void use(Access access) {
    switch (access.operation()) {
      case CONNECT -> access.entries().forEach(entry -> put(outbound, entry));
      case RESOLVE -> access.entries().forEach(name -> put(names, name));
      case BIND -> access.entries().forEach(port -> put(inbound, Integer.valueOf(port)));
      case READ -> access.entries().forEach(guest -> put(read, guest));
      case CHANGE -> access.entries().forEach(guest -> put(changedIn, guest));
    }
  }

  private <T> void put(Collection<T> seen, T one) {
    if (seen.contains(one)) {
      return;
    }
    if (seen.size() < MOST) {
      seen.add(one);
    } else {
      omitted++;
    }
    changed();
  }

  /** The refusal as it now stands, if it is to be told. */
  private synchronized Optional<Denial> deny(Access access, String reason) {
    String target = CleanText.of(access.target());
    String key = access.operation() + " " + target;
    Denial before = denied.get(key);
    changed();
    if (before == null && denied.size() >= MOST) {
      omitted++;
      return Optional.empty();
    }
    Denial now =
        new Denial(
            access.operation().name().toLowerCase(Locale.ROOT),
            target,
            reason,
            before == null ? 1 : before.count() + 1,
            clock.instant(),
            add(access));
    denied.put(key, now);
    return powerOfTen(now.count()) ? Optional.of(now) : Optional.empty();
  }

  private Optional<String> add(Access access) {
    if (access.entries().isEmpty()) {
      return Optional.empty();
    }
    if (access.operation() == Operation.READ || access.operation() == Operation.CHANGE) {
      return block.writable(access.entries().get(0));
    }
    boolean bind = access.operation() == Operation.BIND;
    return Optional.of(
        CapabilityBlock.entry(
            bind ? "inbound" : "outbound",
            access.entries().stream()
                .map(entry -> bind ? entry : CapabilityBlock.text(entry))
                .collect(Collectors.joining(", "))));
  }

  private void changed() {
    changed = true;
    status = null;
  }

  /** What was connected to, and names that were asked for and led to no connection. */
  private SortedSet<String> entries() {
    SortedSet<String> all = new TreeSet<>(outbound);
    for (String name : names) {
      String withPort = name + ":";
      SortedSet<String> after = outbound.tailSet(withPort);
      if (after.isEmpty() || !after.first().startsWith(withPort)) {
        all.add(name);
      }
    }
    return all;
  }

  private static boolean powerOfTen(long count) {
    long rest = count;
    while (rest % 10 == 0) {
      rest /= 10;
    }
    return rest == 1;
  }
}
