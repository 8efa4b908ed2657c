package io.wasmrunner.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the machine, or the container, has what is needed. */
final class MachineChecks {
  /** The process itself, beside what its runners have open. */
  private static final long OWN_DESCRIPTORS = 512;

  private static final long PER_RUNNER = 64;
  private static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration AHEAD = Duration.ofMinutes(1);
  private static final long NATIVE_BYTES = 256L << 20;

  private MachineChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("machine.memory", MachineChecks::memory),
        new Check("machine.guest_budget", MachineChecks::budget),
        new Check("machine.descriptors", MachineChecks::descriptors),
        new Check("machine.clock", MachineChecks::clock),
        new Check("machine.localhost", MachineChecks::localhost),
        new Check("machine.proc", MachineChecks::proc));
  }

  private static DeclaredMemory declared(Configuration configuration) {
    return DeclaredMemory.in(
        configuration.path(Setting.SERVICES),
        configuration.number(Setting.DEFAULT_MEMORY_LIMIT_MB));
  }

  private static Finding memory(Patient patient) {
    long machine = patient.jvm().machineBytes();
    Optional<Configuration> configuration = patient.configuration();
    if (machine == 0 || configuration.isEmpty()) {
      return Finding.skipped("machine.memory", "unknown");
    }
    long guests = declared(configuration.get()).megabytes();
    long needed = guests + ((patient.jvm().heapBytes() + NATIVE_BYTES) >> 20);
    return needed > machine >> 20
        ? Finding.warning("machine.memory", "little", needed, guests, machine >> 20)
        : Finding.ok("machine.memory", needed, guests, machine >> 20);
  }

  private static Finding budget(Patient patient) {
    Optional<Configuration> configuration = patient.configuration();
    int budget = configuration.map(each -> each.number(Setting.GUEST_MEMORY_BUDGET_MB)).orElse(0);
    if (budget == 0 || configuration.isEmpty()) {
      return Finding.skipped("machine.guest_budget", "unset");
    }
    long guests = declared(configuration.get()).megabytes();
    return guests > budget
        ? Finding.warning("machine.guest_budget", "exceeded", guests, budget)
        : Finding.ok("machine.guest_budget", guests, budget);
  }

  private static Finding descriptors(Patient patient) {
    Optional<Long> limit = openFiles(patient.proc().resolve("self").resolve("limits"));
    if (limit.isEmpty()) {
      return Finding.skipped("machine.descriptors", "unknown");
    }
    long runners = patient.definitions().stream().mapToLong(each -> each.runners()).sum();
    long needed = OWN_DESCRIPTORS + PER_RUNNER * runners;
    return limit.get() < needed
        ? Finding.warning("machine.descriptors", "few", limit.get(), needed)
        : Finding.ok("machine.descriptors", limit.get());
  }

  private static Optional<Long> openFiles(Path limits) {
    try (Stream<String> lines = Files.lines(limits)) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().split("\\s+", 2)[0])
          .map(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Finding clock(Patient patient) {
    Instant now = patient.clock().instant();
    if (now.isBefore(NOT_BEFORE)) {
      return Finding.error("machine.clock", "past", now);
    }
    Path database =
        patient.data().map(data -> data.resolve("wasmrunner.db")).orElse(Path.of("wasmrunner.db"));
    try {
      Instant written = Files.getLastModifiedTime(database).toInstant();
      if (written.isAfter(now.plus(AHEAD))) {
        return Finding.warning("machine.clock", "behind", now, written);
      }
    } catch (IOException e) {
      // nothing to compare with
    }
    return Finding.ok("machine.clock", now);
  }

  private static Finding localhost(Patient patient) {
    try {
      InetAddress address = InetAddress.getByName("localhost");
      return address.isLoopbackAddress()
          ? Finding.ok("machine.localhost", address.getHostAddress())
          : Finding.warning("machine.localhost", "elsewhere", address.getHostAddress());
    } catch (UnknownHostException e) {
      return Finding.warning("machine.localhost", "unknown");
    }
  }

  private static Finding proc(Patient patient) {
    return Files.isReadable(patient.proc().resolve("self").resolve("stat"))
        ? Finding.ok("machine.proc")
        : Finding.warning("machine.proc", "missing", patient.proc());
  }
}
