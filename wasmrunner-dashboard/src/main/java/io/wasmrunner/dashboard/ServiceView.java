package io.wasmrunner.dashboard;

import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.TrafficStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service with checked files, ready to be shown. */
record ServiceView(
    String anchor,
    String name,
    String state,
    String css,
    String prefix,
    String href,
    String baseUrl,
    @Nullable String version,
    @Nullable String digest,
    @Nullable String shortDigest,
    long ready,
    int total,
    boolean optional,
    List<RunnerView> runners,
    List<ScheduleView> schedules,
    List<String> listeners,
    List<ViolationView> warnings,
    CapabilitiesView capabilities,
    List<HintView> hints,
    @Nullable ContractView contract,
    @Nullable TrafficLine traffic,
    List<RunnerView.Note> trafficNotes,
    OperateView operate,
    String page,
    String logs,
    @Nullable String openapi) {
  private static final int DIGEST_SHOWN = 19;

  static ServiceView of(
      ServiceStatus service,
      ServiceDefinition definition,
      List<ScheduleStatus> schedules,
      @Nullable TrafficLine traffic,
      Optional<TrafficStatus> now,
      @Nullable ContractReport contract,
      Figures figures) {
    String root = ServicePage.path(service.name());
    String digest = service.digest().orElse(null);
    return new ServiceView(
        anchor(service.name()),
        service.name(),
        "service." + service.state(),
        Tone.of(service.state()).css(),
        definition.prefix(),
        "/" + Paths.encodeSegments(definition.prefix()) + "/",
        definition.address().baseUrl(),
        definition.files().version().orElse(null),
        digest,
        digest == null ? null : digest.substring(0, Math.min(DIGEST_SHOWN, digest.length())),
        service.runners().stream().filter(r -> r.state() == RunnerState.READY).count(),
        service.runners().size(),
        !definition.required(),
        service.runners().stream()
            .map(runner -> RunnerView.of(runner, TrafficNotes.ofRunner(now, runner), figures))
            .toList(),
        schedules.stream()
            .filter(schedule -> schedule.service().equals(service.name()))
            .map(schedule -> ScheduleView.of(schedule, figures))
            .toList(),
        definition.listeners().stream().map(l -> l.queue() + " \u2192 " + l.path()).toList(),
        service.violations().stream().map(ViolationView::of).toList(),
        CapabilitiesView.of(service.capabilities(), figures),
        service.hints().stream().map(HintView::of).toList(),
        ContractView.of(contract, figures),
        traffic,
        now.map(status -> TrafficNotes.ofService(status, figures)).orElse(List.of()),
        OperateView.of(service),
        root,
        root + "/logs",
        definition.files().openapi().isPresent() ? root + "/openapi" : null);
  }

  /** Where the page shows the service. */
  static String anchor(String name) {
    return "service-" + Paths.encode(name);
  }
}
