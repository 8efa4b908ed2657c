package io.wasmrunner.runtime;

import io.wasmrunner.bus.LogFiles;
import io.wasmrunner.bus.LogFilesQuery;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.bus.OpenApiDocument;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.bus.UpstreamSuspected;
import io.wasmrunner.model.CapabilityStatus.Denial;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All services of the process, valid or not, and what is known of them. Lives on the actor. */
final class Supervision {
  static final Duration METERING = Duration.ofSeconds(2);
  static final String NO_SUCH_SERVICE = "WR-2041";
  static final String NO_OPENAPI = "WR-2042";

  private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);
  private static final int MOST_LINES = ServiceLog.MAX_LINES;

  private final ServiceCatalogue catalogue;
  private final RuntimeOptions options;
  private final Actor actor;
  private final Consumer<SystemEvent> announcer;
  private final RequestsUnderWay requests;
  private final ServiceBoard board;
  private final Optional<LogStore> logFiles;
  private final Map<String, ServiceSupervisor> valid = new TreeMap<>();
  private final Map<String, ServiceEntry> invalid = new TreeMap<>();

  /** In the order in which they are to start. */
  private final Set<String> waiting = new LinkedHashSet<>();

  /** Services whose folders are gone, and whose requests are not over. */
  private final Set<ServiceSupervisor> leaving = new HashSet<>();

  private boolean stopped;

  Supervision(
      ServiceCatalogue catalogue,
      RuntimeOptions options,
      Actor actor,
      Consumer<SystemEvent> announcer,
      RequestsUnderWay requests,
      Consumer<ServicesSnapshot> servicesChanged,
      Consumer<RoutesSnapshot> routesChanged) {
    this.catalogue = catalogue;
    this.options = options;
    this.actor = actor;
    this.announcer = announcer;
    this.requests = requests;
    this.logFiles =
        options.logFiles().map(files -> new LogStore(files, options.clock(), announcer));
    this.board =
        new ServiceBoard(actor, this::statuses, this::routes, servicesChanged, routesChanged);
  }

  /** Starts every valid service that is not disabled, in the order of their dependencies. */
  void start(Set<String> disabled) {
    for (ServiceEntry entry : catalogue.entries()) {
      if (entry.valid()) {
        put(entry);
        if (disabled.contains(entry.name())) {
          require(entry.name()).disabledFromStart();
        }
      } else {
        reject(entry);
      }
    }
    waiting.addAll(catalogue.smallestFirst());
    startWaiting();
    measureLater();
    board.stateChanged();
  }

  /** Ends all runners: those that others need, after the others. */
  CompletionStage<Void> stop() {
    stopped = true;
    List<List<String>> steps =
        StartOrder.steps(valid.values().stream().map(ServiceSupervisor::service).toList());
    CompletableFuture<Void> ended =
        CompletableFuture.allOf(
            leaving.stream()
                .map(service -> service.close(false).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    for (int i = steps.size() - 1; i >= 0; i--) {
      List<String> step = steps.get(i);
      ended = ended.thenCompose(nothing -> closeAll(step));
    }
    return ended.thenCompose(
        nothing -> logFiles.map(LogStore::close).orElse(CompletableFuture.completedFuture(null)));
  }

  private CompletableFuture<Void> closeAll(List<String> names) {
    return CompletableFuture.allOf(
        names.stream()
            .map(name -> require(name).close(false).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  ServicesSnapshot services() {
    return board.services();
  }

  RoutesSnapshot allRoutes() {
    return board.routes();
  }

  /* ---- Services come and go ---- */

  /** Digests of the modules that run, by service; without one where it is not known yet. */
  Map<String, String> running() {
    Map<String, String> digests = new TreeMap<>();
    valid.forEach((name, service) -> digests.put(name, service.digest().orElse("")));
    return digests;
  }

  /** The service with this name, if its files were valid once. */
  Optional<ServiceSupervisor> known(String name) {
    return Optional.ofNullable(valid.get(name));
  }

  /** Names of all services, the invalid ones too. */
  Set<String> names() {
    Set<String> all = new HashSet<>(valid.keySet());
    all.addAll(invalid.keySet());
    return all;
  }

  /** A service is new, and valid. */
  void add(ServiceEntry entry) {
    invalid.remove(entry.name());
    put(entry);
    waiting.add(entry.name());
    startWaiting();
    board.stateChanged();
  }

  /** A service is new and invalid, or still is. */
  void reject(ServiceEntry entry) {
    ServiceEntry before = invalid.put(entry.name(), entry);
    if (before == null || !before.errors().equals(entry.errors())) {
      entry.errors().forEach(error -> LOG.error("{}", error.describe()));
      announcer.accept(
          new SystemEvent(
              options.clock().instant(),
              Severity.ERROR,
              "service.invalid",
              Optional.of(entry.name()),
              Optional.empty(),
              entry.errors().get(0).describe()));
    }
    board.stateChanged();
  }

  /** A service is gone: requests under way may end. */
  void remove(String name) {
    invalid.remove(name);
    waiting.remove(name);
    ServiceSupervisor service = valid.remove(name);
    if (service != null) {
      leaving.add(service);
      service.close(true).thenRun(() -> actor.execute(() -> leaving.remove(service)));
    }
    board.stateChanged();
  }

  private void put(ServiceEntry entry) {
    entry.warnings().forEach(warning -> LOG.warn("{}", warning.describe()));
    ServiceLog log = ServiceLog.kept(entry.name(), options.clock(), logFiles);
    ServiceEvents events = new ServiceEvents(entry.name(), options.clock(), log, announcer);
    Surroundings surroundings =
        new Surroundings(
            options,
            actor,
            log,
            events,
            requests,
            () -> changed(entry.name()),
            board::figuresChanged);
    valid.put(
        entry.name(),
        new ServiceSupervisor(entry, surroundings, version -> record(version, events)));
  }

  private CapabilityRecord record(ServiceDefinition version, ServiceEvents events) {
    return new CapabilityRecord(
        version,
        CapabilitiesReader.enforced(version, options),
        options.clock(),
        (runner, denial) -> actor.execute(() -> denied(events, version, runner, denial)));
  }

  private static void denied(
      ServiceEvents events, ServiceDefinition service, int runner, Denial denial) {
    events.about(
        new RunnerId(service.name(), runner),
        Severity.WARNING,
        DenialText.EVENT,
        DenialText.of(denial));
  }

  private void changed(String name) {
    ServiceSupervisor service = valid.get(name);
    if (service != null) {
      service.runnerChanged();
    }
    if (!waiting.isEmpty()) {
      startWaiting();
    }
    board.stateChanged();
  }

  /** Starts those whose dependencies can be used. */
  private void startWaiting() {
    if (stopped) {
      return;
    }
    for (String name : List.copyOf(waiting)) {
      ServiceSupervisor service = require(name);
      boolean may =
          service.service().lifecycle().dependsOn().stream()
              .allMatch(needed -> known(needed).map(ServiceSupervisor::usable).orElse(false));
      if (may) {
        waiting.remove(name);
        service.start();
      }
    }
  }

  /* ---- Questions ---- */

  /** Lines of a service's log, from memory and, as far as those are too few, from its files. */
  CompletionStage<LogsPage> logs(LogsQuery asked) {
    int tail = Math.max(1, Math.min(MOST_LINES, asked.tail()));
    LogsQuery query =
        new LogsQuery(
            asked.service(), asked.runner(), asked.level(), asked.text(), asked.after(), tail);
    ServiceLog.Page held =
        invalid.containsKey(query.service())
            ? new ServiceLog.Page(List.of(), Long.MAX_VALUE, 0)
            : require(query.service()).log().page(query);
    boolean complete = held.lines().size() >= tail || query.after() >= held.oldest() - 1;
    if (complete || logFiles.isEmpty()) {
      return CompletableFuture.completedFuture(new LogsPage(held.lines(), held.newest()));
    }
    return logFiles
        .get()
        .completed(query, held.lines(), held.oldest())
        .thenApply(lines -> new LogsPage(lines, held.newest()));
  }

  /** The log files of a service. */
  CompletionStage<LogFiles> logFiles(LogFilesQuery query) {
    if (!invalid.containsKey(query.service())) {
      require(query.service());
    }
    return logFiles
        .map(
            store ->
                store
                    .files(query.service())
                    .thenApply(files -> new LogFiles(files.stream().map(Path::toString).toList())))
        .orElse(CompletableFuture.completedFuture(new LogFiles(List.of())));
  }

  /** The contract of a service as it was when it was taken over. */
  OpenApiDocument openapi(String service) {
    ServiceEntry rejected = invalid.get(service);
    Optional<String> text =
        rejected != null ? rejected.openapi() : require(service).entry().openapi();
    return new OpenApiDocument(
        text.orElseThrow(
            () ->
                new RequestFailedException(
                    Reason.NOT_FOUND,
                    NO_OPENAPI,
                    "service " + service + " has no openapi.json",
                    "Add one to its folder.")));
  }

  /** The proxy could not use a runner. */
  void suspected(UpstreamSuspected message) {
    known(message.runner().service())
        .ifPresent(service -> service.suspected(message.runner().index(), message.generation()));
  }

  /** The service with this name. */
  ServiceSupervisor require(String name) {
    return known(name)
        .orElseThrow(
            () ->
                new RequestFailedException(
                    Reason.NOT_FOUND,
                    NO_SUCH_SERVICE,
                    "there is no service \"" + CleanText.of(name) + "\"",
                    "The list of services has the names."));
  }

  private void measureLater() {
    actor.after(
        METERING,
        () -> {
          if (!stopped) {
            valid.values().forEach(ServiceSupervisor::measure);
            measureLater();
          }
        });
  }

  private List<ServiceStatus> statuses() {
    Map<String, ServiceStatus> all = new TreeMap<>();
    invalid.forEach((name, entry) -> all.put(name, InvalidService.status(entry)));
    valid.forEach((name, service) -> all.put(name, service.status()));
    return List.copyOf(all.values());
  }

  private List<Route> routes() {
    return valid.values().stream().flatMap(service -> service.route().stream()).toList();
  }
}
