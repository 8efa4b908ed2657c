package io.wasmrunner.launcher;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.RuntimeOptions;
import io.wasmrunner.runtime.ServiceCatalogue;
import io.wasmrunner.runtime.ServiceEntry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the doctor looks at: configuration, services, machine. Not thread-safe. */
final class Patient {
  private final Optional<Configuration> configuration;
  private final String configurationProblem;
  private final Jvm jvm;
  private final Path proc;
  private final Function<String, Optional<String>> variables;
  private final Clock clock;
  private @Nullable Outcome<LoadedPlugins> plugins;
  private @Nullable Outcome<Services> services;

  /**
   * The JVM and what it sees of the machine.
   *
   * @param version feature number of Java
   * @param hugeMethods whether the JIT compiles methods of any size
   * @param relaunches whether a start would add the flag for that by itself
   * @param heapBytes largest heap
   * @param machineBytes memory of the machine or the container; 0 where unknown
   * @param encoding of texts
   * @param fileNames encoding of file names
   * @param temporary folder for temporary files
   */
  record Jvm(
      int version,
      boolean hugeMethods,
      boolean relaunches,
      long heapBytes,
      long machineBytes,
      String encoding,
      String fileNames,
      Path temporary) {}

  /** The services, and the options that they were read with. */
  record Services(RuntimeOptions options, ServiceCatalogue catalogue) {}

  /** A value, or why there is none. */
  record Outcome<T>(Optional<T> value, String problem) {
    static <T> Outcome<T> of(Supplier<T> work) {
      try {
        return new Outcome<>(Optional.of(work.get()), "");
      } catch (WasmrunnerException e) {
        return new Outcome<>(Optional.empty(), e.explain());
      }
    }
  }

  Patient(
      Supplier<Configuration> configuration,
      Jvm jvm,
      Path proc,
      Function<String, Optional<String>> variables,
      Clock clock) {
    Outcome<Configuration> loaded = Outcome.of(configuration);
    this.configuration = loaded.value();
    this.configurationProblem = loaded.problem();
    this.jvm = jvm;
    this.proc = proc;
    this.variables = variables;
    this.clock = clock;
  }

  Optional<Configuration> configuration() {
    return configuration;
  }

  /** Why there is no configuration. */
  String configurationProblem() {
    return configurationProblem;
  }

  Jvm jvm() {
    return jvm;
  }

  /** The folder {@code /proc}. */
  Path proc() {
    return proc;
  }

  Function<String, Optional<String>> variables() {
    return variables;
  }

  Clock clock() {
    return clock;
  }

  /** The data folder, where the configuration can be read. */
  Optional<Path> data() {
    return configuration.map(each -> each.path(Setting.DATA_DIR));
  }

  Outcome<LoadedPlugins> plugins() {
    Outcome<LoadedPlugins> known = plugins;
    if (known == null) {
      known =
          Outcome.of(
              () ->
                  PluginLoader.load(
                      configuration
                          .map(each -> each.path(Setting.PLUGINS))
                          .orElse(Path.of("plugins"))));
      plugins = known;
    }
    return known;
  }

  /** The services, where configuration and plugins can be read. */
  Outcome<Services> services() {
    Outcome<Services> known = services;
    if (known == null) {
      known =
          configuration.isEmpty() || plugins().value().isEmpty()
              ? new Outcome<>(Optional.empty(), "")
              : Outcome.of(() -> read(configuration.get(), plugins().value().get()));
      services = known;
    }
    return known;
  }

  private Services read(Configuration loaded, LoadedPlugins with) {
    int port = loaded.number(Setting.PORT);
    RuntimeOptions options =
        PartOptions.runtime(
            loaded,
            loaded.path(Setting.SERVICES),
            loaded.path(Setting.DATA_DIR),
            "http://127.0.0.1:" + port,
            port,
            with.catalog(),
            clock);
    return new Services(options, ServiceCatalogue.load(options));
  }

  /** Folders of services, valid or not; empty where they cannot be read. */
  List<ServiceEntry> entries() {
    return services().value().map(each -> each.catalogue().entries()).orElse(List.of());
  }

  /** Services that can be started. */
  List<ServiceDefinition> definitions() {
    return entries().stream().flatMap(entry -> entry.definition().stream()).toList();
  }

  /** Errors and warnings of all services. */
  Stream<Violation> violations() {
    return entries().stream()
        .flatMap(entry -> Stream.concat(entry.errors().stream(), entry.warnings().stream()));
  }
}
