package io.wasmrunner.runtime;

import io.wasmrunner.spi.PluginCatalog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Settings of the runtime. Made by {@link #builder}.
 *
 * @param servicesFolder folder with one folder per service; a missing one is an empty start
 * @param cacheFolder folder for compiled code, kept between starts
 * @param stateFolder folder for what launchers remember between starts; default {@code processes}
 *     beside the cache folder
 * @param logFiles where the output of guests is kept; default: in memory only
 * @param bindHost address that guests listen on; default 127.0.0.1
 * @param runnerBaseUrl what guests get as {@code RUNNER_BASE_URL}; default http://127.0.0.1:14000
 * @param defaultMemoryLimitMb limit of a runner whose service names none; default 256
 * @param guestMemoryBudgetMb what all guests in this process may use together; default: derived
 *     from the JVM's limit of direct memory
 * @param entryPort port of the entry point, which no runner may take; 0 when not known
 * @param lenient unknown keys in service.json are warnings; default false
 * @param capabilitiesRequired a service without a capabilities block is invalid; default false
 * @param watch whether changes in the services folder are taken over by themselves; default false
 * @param variables environment variables of this process, for secrets
 * @param plugins probes, strategies and launchers that services may choose
 * @param clock the time
 * @param random source of jitter
 */
public record RuntimeOptions(
    Path servicesFolder,
    Path cacheFolder,
    Path stateFolder,
    Optional<LogFileSettings> logFiles,
    String bindHost,
    String runnerBaseUrl,
    int defaultMemoryLimitMb,
    int guestMemoryBudgetMb,
    int entryPort,
    boolean lenient,
    boolean capabilitiesRequired,
    boolean watch,
    Function<String, Optional<String>> variables,
    PluginCatalog plugins,
    Clock clock,
    RandomGenerator random) {
  /** Default of {@code defaultMemoryLimitMb}. */
  public static final int DEFAULT_MEMORY_LIMIT_MB = 256;

  /** Checks ranges. */
  public RuntimeOptions {
    if (defaultMemoryLimitMb < 1 || defaultMemoryLimitMb > 4096) {
      throw new IllegalArgumentException(
          "defaultMemoryLimitMb must be 1 to 4096, got " + defaultMemoryLimitMb);
    }
    if (guestMemoryBudgetMb < 1) {
      throw new IllegalArgumentException(
          "guestMemoryBudgetMb must be at least 1, got " + guestMemoryBudgetMb);
    }
    if (entryPort < 0 || entryPort > 65_535) {
      throw new IllegalArgumentException("entryPort must be 0 to 65535, got " + entryPort);
    }
  }

  /** A builder with every default. */
  public static Builder builder(Path servicesFolder, Path cacheFolder, PluginCatalog plugins) {
    return new Builder(servicesFolder, cacheFolder, plugins);
  }

  /** Address at which runners are reached from this machine. */
  String connectHost() {
    return switch (bindHost) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::", "[::]" -> "::1";
      default -> bindHost;
    };
  }

  /** Collects settings; not thread-safe. */
  public static final class Builder {
    private final Path servicesFolder;
    private final Path cacheFolder;
    private final PluginCatalog plugins;
    private Optional<LogFileSettings> logFiles = Optional.empty();
    private String bindHost = "127.0.0.1";
    private String runnerBaseUrl = "http://127.0.0.1:14000";
    private int defaultMemoryLimitMb = DEFAULT_MEMORY_LIMIT_MB;
    private int guestMemoryBudgetMb = GuestMemory.defaultBudgetMb();
    private int entryPort;
    private boolean lenient;
    private boolean capabilitiesRequired;
    private boolean watch;
    private Function<String, Optional<String>> variables =
        name -> Optional.ofNullable(System.getenv(name));
    private Clock clock = Clock.systemUTC();
    private RandomGenerator random = RandomGenerator.getDefault();

    private Builder(Path servicesFolder, Path cacheFolder, PluginCatalog plugins) {
      this.servicesFolder = servicesFolder;
      this.cacheFolder = cacheFolder;
      this.plugins = plugins;
    }

    /** Where the output of guests is kept beside the memory. */
    public Builder logFiles(LogFileSettings value) {
      logFiles = Optional.of(value);
      return this;
    }

    /** Address that guests listen on. */
    public Builder bindHost(String value) {
      bindHost = value;
      return this;
    }

    /** What guests get as {@code RUNNER_BASE_URL}. */
    public Builder runnerBaseUrl(String value) {
      runnerBaseUrl = value;
      return this;
    }

    /** Limit of a runner whose service names none. */
    public Builder defaultMemoryLimitMb(int value) {
      defaultMemoryLimitMb = value;
      return this;
    }

    /** What all guests in this process may use together. */
    public Builder guestMemoryBudgetMb(int value) {
      guestMemoryBudgetMb = value;
      return this;
    }

    /** Port of the entry point. */
    public Builder entryPort(int value) {
      entryPort = value;
      return this;
    }

    /** Whether unknown keys are warnings. */
    public Builder lenient(boolean value) {
      lenient = value;
      return this;
    }

    /** Whether a service without a capabilities block is invalid. */
    public Builder capabilitiesRequired(boolean value) {
      capabilitiesRequired = value;
      return this;
    }

    /** Whether changes in the services folder are taken over by themselves. */
    public Builder watch(boolean value) {
      watch = value;
      return this;
    }

    /** Environment variables, for secrets. */
    public Builder variables(Function<String, Optional<String>> value) {
      variables = value;
      return this;
    }

    /** The time. */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /** Source of jitter. */
    public Builder random(RandomGenerator value) {
      random = value;
      return this;
    }

    /** The settings. */
    public RuntimeOptions build() {
      return new RuntimeOptions(
          servicesFolder,
          cacheFolder,
          cacheFolder.resolveSibling("processes"),
          logFiles,
          bindHost,
          runnerBaseUrl,
          defaultMemoryLimitMb,
          guestMemoryBudgetMb,
          entryPort,
          lenient,
          capabilitiesRequired,
          watch,
          variables,
          plugins,
          clock,
          random);
    }
  }
}
