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
import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.CapabilityStatus.Denial;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import io.wasmrunner.model.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Map<String, ServiceStatus> invalid = new TreeMap<>();
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

  /** Starts every valid service. */
  void start() {
    for (ServiceEntry entry : catalogue.entries()) {
      entry.warnings().forEach(warning -> LOG.warn("{}", warning.describe()));
      if (entry.valid()) {
        valid.put(entry.name(), supervisor(entry));
      } else {
        reject(entry);
      }
    }
    valid.values().forEach(ServiceSupervisor::start);
    measureLater();
    board.stateChanged();
  }

  /** Ends all runners, side by side. */
  CompletionStage<Void> stop() {
    stopped = true;
    return CompletableFuture.allOf(
            valid.values().stream()
                .map(service -> service.stop().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .thenCompose(
            ended -> logFiles.map(LogStore::close).orElse(CompletableFuture.completedFuture(null)));
  }

  ServicesSnapshot services() {
    return board.services();
  }

  RoutesSnapshot allRoutes() {
    return board.routes();
  }

  /** Lines of a service's log, from memory and, as far as those are too few, from its files. */
  CompletionStage<LogsPage> logs(LogsQuery asked) {
    int tail = Math.max(1, Math.min(MOST_LINES, asked.tail()));
    LogsQuery query =
        new LogsQuery(
            asked.service(), asked.runner(), asked.level(), asked.text(), asked.after(), tail);
    ServiceLog.Page held =
        invalid.containsKey(query.service())
            ? new ServiceLog.Page(List.of(), Long.MAX_VALUE, 0)
            : find(query.service()).log().page(query);
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
      find(query.service());
    }
    return logFiles
        .map(
            store ->
                store
                    .files(query.service())
                    .thenApply(files -> new LogFiles(files.stream().map(Path::toString).toList())))
        .orElse(CompletableFuture.completedFuture(new LogFiles(List.of())));
  }

  /** The contract of a service as it was at the start. */
  OpenApiDocument openapi(String service) {
    Optional<String> text =
        invalid.containsKey(service)
            ? catalogue.find(service).flatMap(ServiceEntry::openapi)
            : find(service).openapi();
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
    ServiceSupervisor service = valid.get(message.runner().service());
    if (service != null) {
      service.suspected(message.runner().index(), message.generation());
    }
  }

  private ServiceSupervisor supervisor(ServiceEntry entry) {
    ServiceDefinition service = entry.definition().orElseThrow();
    ServiceLog log = ServiceLog.kept(entry.name(), options.clock(), logFiles);
    ServiceEvents events = new ServiceEvents(entry.name(), options.clock(), log, announcer);
    return new ServiceSupervisor(
        entry,
        options,
        actor,
        log,
        events,
        requests,
        new CapabilityRecord(
            service,
            CapabilitiesReader.enforced(service, options),
            options.clock(),
            (runner, denial) -> actor.execute(() -> denied(events, entry, runner, denial))),
        board::stateChanged,
        board::figuresChanged);
  }

  private static void denied(ServiceEvents events, ServiceEntry entry, int runner, Denial denial) {
    events.about(
        new RunnerId(entry.name(), runner),
        Severity.WARNING,
        DenialText.EVENT,
        DenialText.of(denial));
  }

  private void reject(ServiceEntry entry) {
    List<Violation> all = new ArrayList<>(entry.errors());
    all.addAll(entry.warnings());
    invalid.put(
        entry.name(),
        new ServiceStatus(
            entry.name(),
            ServiceState.INVALID,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            CapabilityStatus.NONE,
            all));
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

  private ServiceSupervisor find(String name) {
    ServiceSupervisor service = valid.get(name);
    if (service == null) {
      throw new RequestFailedException(
          Reason.NOT_FOUND,
          NO_SUCH_SERVICE,
          "there is no service \"" + CleanText.of(name) + "\"",
          "The list of services has the names.");
    }
    return service;
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
    Map<String, ServiceStatus> all = new TreeMap<>(invalid);
    valid.forEach((name, service) -> all.put(name, service.status()));
    return List.copyOf(all.values());
  }

  private List<Route> routes() {
    return valid.values().stream().flatMap(service -> service.route().stream()).toList();
  }
}
