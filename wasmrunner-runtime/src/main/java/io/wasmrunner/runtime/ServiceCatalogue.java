package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All services of a folder, read once and checked, sorted by name. Depends on the folder and the
 * options only and starts nothing. Immutable; thread-safe.
 */
public final class ServiceCatalogue {
  static final String BAD_FOLDER = "WR-2001";
  static final String NOT_READ = "WR-2005";
  static final String NO_SUCH_SERVICE = "WR-2060";
  static final String INVALID_SERVICE = "WR-2061";

  private static final Logger LOG = LoggerFactory.getLogger(ServiceCatalogue.class);

  private final List<ServiceEntry> entries;
  private final List<String> smallestFirst;

  private ServiceCatalogue(List<ServiceEntry> entries) {
    this.entries = List.copyOf(entries);
    this.smallestFirst =
        entries.stream()
            .filter(ServiceEntry::valid)
            .sorted(Comparator.comparingLong(ServiceCatalogue::moduleBytes))
            .map(ServiceEntry::name)
            .toList();
  }

  private static long moduleBytes(ServiceEntry entry) {
    return entry
        .definition()
        .map(service -> service.files().module().toFile().length())
        .orElse(Long.MAX_VALUE);
  }

  /** Names of the valid services, those with small modules first: they can be up at once. */
  List<String> smallestFirst() {
    return smallestFirst;
  }

  /**
   * Reads and checks all services; a missing folder has none. Blocks on files.
   *
   * @throws WasmrunnerException WR-2001 when the services folder is no readable folder, WR-7010
   *     when a plugin's settings schema is broken
   */
  public static ServiceCatalogue load(RuntimeOptions options) {
    return load(options, Set.of());
  }

  /**
   * As {@link #load(RuntimeOptions)}, while services run: of two that clash the one that does not
   * run is invalid.
   */
  static ServiceCatalogue load(RuntimeOptions options, Set<String> running) {
    ServiceReader reader = new ServiceReader(options);
    ServiceConflicts conflicts = new ServiceConflicts(options.entryPort());
    List<LoadedService> loaded =
        folders(options.servicesFolder()).stream()
            .map(folder -> read(reader, folder))
            .sorted(
                Comparator.comparing((LoadedService each) -> !running.contains(each.entry().name()))
                    .thenComparing(each -> each.entry().name()))
            .toList();
    Dependencies dependencies = new Dependencies(loaded);
    List<ServiceEntry> entries = new ArrayList<>();
    for (LoadedService service : loaded) {
      entries.add(conflicts.check(dependencies.check(service)));
    }
    entries.sort(Comparator.comparing(ServiceEntry::name));
    return new ServiceCatalogue(entries);
  }

  /** One folder that trips the reader up must not hide the others. */
  private static LoadedService read(ServiceReader reader, Path folder) {
    try {
      return reader.read(folder);
    } catch (RuntimeException e) {
      String name = String.valueOf(folder.getFileName());
      LOG.error("service {} could not be read", name, e);
      Violation violation =
          new Violation(
              NOT_READ,
              name,
              0,
              0,
              "",
              "a service that can be read",
              CleanText.of(e.toString()),
              "look into the log, and report it");
      return new LoadedService(
          new ServiceEntry(name, Optional.empty(), List.of(violation), List.of(), Optional.empty()),
          Optional.empty());
    }
  }

  /**
   * The same services after their launchers have checked the modules; those that could not start
   * are invalid. Slower than {@link #load}: modules are read as a whole. Starts and writes nothing.
   *
   * @param options those that the catalogue was loaded with
   */
  public ServiceCatalogue withModulesChecked(RuntimeOptions options) {
    return new ServiceCatalogue(
        entries.stream().map(entry -> checkModule(entry, options)).toList());
  }

  static ServiceEntry checkModule(ServiceEntry entry, RuntimeOptions options) {
    if (entry.definition().isEmpty()) {
      return entry;
    }
    ServiceDefinition service = entry.definition().get();
    try {
      PreparedModule.check(service, options);
      return entry;
    } catch (RuntimeException e) {
      return entry.rejected(List.of(Failures.asViolation(e, service)));
    }
  }

  /** The services, valid or not, by name. */
  public List<ServiceEntry> entries() {
    return entries;
  }

  /** The service with this name. */
  public Optional<ServiceEntry> find(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /**
   * The description of the service with this name.
   *
   * @throws WasmrunnerException WR-2060 when there is no such service, WR-2061 when it is invalid
   */
  public ServiceDefinition require(String name) {
    ServiceEntry entry =
        find(name)
            .orElseThrow(
                () -> noSuchService(name, entries.stream().map(ServiceEntry::name).toList()));
    return entry.definition().orElseThrow(() -> invalid(entry));
  }

  static WasmrunnerException noSuchService(String name, List<String> names) {
    String advice =
        names.isEmpty()
            ? "There are no services; put one there or name another folder with --services."
            : "Services are: " + String.join(", ", names) + ".";
    return new WasmrunnerException(
        NO_SUCH_SERVICE,
        "there is no service \"" + name + "\"",
        Suggestion.nearest(name, names).map(near -> "Did you mean " + near + "? ").orElse("")
            + advice);
  }

  static WasmrunnerException invalid(ServiceEntry entry) {
    return new WasmrunnerException(
        INVALID_SERVICE,
        "the service \""
            + entry.name()
            + "\" is invalid:\n  "
            + entry.errors().stream().map(Violation::describe).collect(Collectors.joining("\n  ")),
        "Correct what is listed.");
  }

  /** Folders that are meant to be services. */
  static List<Path> folders(Path services) {
    if (!Files.exists(services, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(services)) {
      return children
          .filter(child -> Files.isDirectory(child))
          .filter(child -> !String.valueOf(child.getFileName()).startsWith("."))
          .filter(ServiceFolder::looksLikeService)
          .sorted(Comparator.comparing(child -> String.valueOf(child.getFileName())))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new WasmrunnerException(
          BAD_FOLDER,
          "the services folder " + services + " cannot be read: " + e,
          "Name a folder that wasmrunner may read.",
          e);
    }
  }
}
