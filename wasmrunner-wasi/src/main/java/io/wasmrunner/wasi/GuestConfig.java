package io.wasmrunner.wasi;

import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What a guest gets; nothing else of the host is reachable from it. Made by {@link #builder}.
 *
 * @param name used for the thread and in messages
 * @param args arguments; the first is by convention the program's name
 * @param env environment, exactly this
 * @param stdin standard input; default empty
 * @param stdout standard output; default discarded
 * @param stderr standard error; default discarded
 * @param preopens folders; default none
 * @param memoryLimitBytes hard limit of linear memory, rounded down to pages of 64 KiB; default 256
 *     MiB, at most 2 GiB minus a page
 * @param budget what all guests may hold together; default unlimited
 * @param network where it may bind and connect; default {@link NioNetwork} on loopback
 * @param clock wall clock; default the system's
 * @param random source of random bytes; default {@link SecureRandom}
 * @param maxDescriptors open descriptors, standard streams included; default 1024
 * @param descriptorBudget descriptors that all guests may have open together; default unlimited
 * @param stackBytes stack of the guest's thread; default 8 MiB. Calls of interpreted functions take
 *     Java heap, too: at most 16 MiB
 * @param cpuShare of one core, above 0 and at most 1; default 1, no limit
 * @param listener told what the guest does; default nobody
 * @param tlsTrust authorities for TLS that the guest leaves to the host; default the JVM's
 */
public record GuestConfig(
    String name,
    List<String> args,
    Map<String, String> env,
    InputStream stdin,
    OutputSink stdout,
    OutputSink stderr,
    List<Preopen> preopens,
    long memoryLimitBytes,
    MemoryBudget budget,
    Network network,
    Clock clock,
    RandomGenerator random,
    int maxDescriptors,
    DescriptorBudget descriptorBudget,
    long stackBytes,
    double cpuShare,
    GuestListener listener,
    TlsTrust tlsTrust) {

  /** Default of {@code memoryLimitBytes}: 256 MiB. */
  public static final long DEFAULT_MEMORY_LIMIT_BYTES = 256L << 20;

  /** Default of {@code maxDescriptors}. */
  public static final int DEFAULT_MAX_DESCRIPTORS = 1024;

  /** Default of {@code stackBytes}: 8 MiB. */
  public static final long DEFAULT_STACK_BYTES = 8L << 20;

  /** Copies the collections and checks ranges. */
  public GuestConfig {
    args = List.copyOf(args);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    preopens = List.copyOf(preopens);
    for (String arg : args) {
      rejectNul("argument", arg);
    }
    env.forEach(
        (key, value) -> {
          rejectNul("environment", key);
          rejectNul("environment", value);
          if (key.isEmpty() || key.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                "environment name is empty or contains '=': '" + key + "'");
          }
        });
    if (memoryLimitBytes < 0) {
      throw new IllegalArgumentException("memoryLimitBytes is negative: " + memoryLimitBytes);
    }
    if (maxDescriptors < 3 + preopens.size()) {
      throw new IllegalArgumentException(
          "maxDescriptors must be at least 3, and one more for every folder: " + maxDescriptors);
    }
    if (stackBytes < 256 << 10) {
      throw new IllegalArgumentException("stackBytes must be at least 256 KiB: " + stackBytes);
    }
    if (!(cpuShare > 0 && cpuShare <= 1)) {
      throw new IllegalArgumentException("cpuShare must be above 0 and at most 1: " + cpuShare);
    }
  }

  private static void rejectNul(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " contains a NUL character: '" + text + "'");
    }
  }

  /** A builder with every default, for a guest of this name. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Collects settings; not thread-safe. */
  public static final class Builder {
    private final String name;
    private List<String> args = List.of();
    private Map<String, String> env = Map.of();
    private InputStream stdin = InputStream.nullInputStream();
    private OutputSink stdout = OutputSink.discard();
    private OutputSink stderr = OutputSink.discard();
    private List<Preopen> preopens = List.of();
    private long memoryLimitBytes = DEFAULT_MEMORY_LIMIT_BYTES;
    private MemoryBudget budget = MemoryBudget.unlimited();
    private Network network = NioNetwork.loopback();
    private Clock clock = Clock.systemUTC();
    private RandomGenerator random = Shared.RANDOM;
    private int maxDescriptors = DEFAULT_MAX_DESCRIPTORS;
    private DescriptorBudget descriptorBudget = DescriptorBudget.unlimited();
    private long stackBytes = DEFAULT_STACK_BYTES;
    private double cpuShare = 1;
    private GuestListener listener = GuestListener.NONE;
    private TlsTrust tlsTrust = TlsTrust.jvm();

    private Builder(String name) {
      this.name = Objects.requireNonNull(name);
      this.args = List.of(name);
    }

    /** Arguments, program name first; default only the guest's name. */
    public Builder args(List<String> value) {
      args = value;
      return this;
    }

    /** The whole environment. */
    public Builder env(Map<String, String> value) {
      env = value;
      return this;
    }

    /** Standard input. Read by a thread of its own, so it may block. */
    public Builder stdin(InputStream value) {
      stdin = value;
      return this;
    }

    /** Standard output. */
    public Builder stdout(OutputSink value) {
      stdout = value;
      return this;
    }

    /** Standard error. */
    public Builder stderr(OutputSink value) {
      stderr = value;
      return this;
    }

    /** Folders that the guest may use. */
    public Builder preopens(List<Preopen> value) {
      preopens = value;
      return this;
    }

    /** Hard limit of linear memory. */
    public Builder memoryLimitBytes(long value) {
      memoryLimitBytes = value;
      return this;
    }

    /** Budget shared with other guests. */
    public Builder budget(MemoryBudget value) {
      budget = value;
      return this;
    }

    /** Where the guest may bind and connect. */
    public Builder network(Network value) {
      network = value;
      return this;
    }

    /** Wall clock. */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /** Source of random bytes; must be thread-safe when shared. */
    public Builder random(RandomGenerator value) {
      random = value;
      return this;
    }

    /** Open descriptors at a time. */
    public Builder maxDescriptors(int value) {
      maxDescriptors = value;
      return this;
    }

    /** Descriptors shared with other guests. */
    public Builder descriptorBudget(DescriptorBudget value) {
      descriptorBudget = value;
      return this;
    }

    /** Stack of the guest's thread. */
    public Builder stackBytes(long value) {
      stackBytes = value;
      return this;
    }

    /** Share of one core that it may use. */
    public Builder cpuShare(double value) {
      cpuShare = value;
      return this;
    }

    /** Told what the guest does. */
    public Builder listener(GuestListener value) {
      listener = value;
      return this;
    }

    /** Authorities for TLS that the guest leaves to the host ({@code rustls_client}). */
    public Builder tlsTrust(TlsTrust value) {
      tlsTrust = value;
      return this;
    }

    /** The settings. */
    public GuestConfig build() {
      return new GuestConfig(
          name,
          args,
          env,
          stdin,
          stdout,
          stderr,
          preopens,
          memoryLimitBytes,
          budget,
          network,
          clock,
          random,
          maxDescriptors,
          descriptorBudget,
          stackBytes,
          cpuShare,
          listener,
          tlsTrust);
    }
  }

  /** Seeding takes a while on some machines, so one generator serves all. */
  private static final class Shared {
    static final SecureRandom RANDOM = new SecureRandom();
  }
}
