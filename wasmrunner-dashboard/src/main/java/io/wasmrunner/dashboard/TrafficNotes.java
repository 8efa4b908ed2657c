package io.wasmrunner.dashboard;

import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.TrafficStatus;
import io.wasmrunner.model.TrafficStatus.Circuit;
import io.wasmrunner.model.TrafficStatus.RunnerTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the page says about how the proxy stands to services and runners; nothing when all is well.
 */
final class TrafficNotes {
  private TrafficNotes() {}

  /** Of the service with this name, if the proxy knows it. */
  static Optional<TrafficStatus> of(List<TrafficStatus> traffic, String service) {
    return traffic.stream().filter(status -> status.service().equals(service)).findFirst();
  }

  static List<RunnerView.Note> ofService(TrafficStatus status, Figures figures) {
    List<RunnerView.Note> notes = new ArrayList<>();
    status
        .circuit()
        .filter(circuit -> circuit != Circuit.CLOSED)
        .ifPresent(circuit -> notes.add(new RunnerView.Note("traffic.circuit." + circuit, "")));
    if (status.waiting() > 0) {
      notes.add(new RunnerView.Note("traffic.waiting", figures.count(status.waiting())));
    }
    return notes;
  }

  /** Of the generation that runs. */
  static Optional<RunnerTraffic> ofRunner(Optional<TrafficStatus> service, RunnerStatus runner) {
    return service.stream()
        .flatMap(status -> status.runners().stream())
        .filter(
            traffic ->
                traffic.index() == runner.id().index()
                    && traffic.generation() == runner.generation())
        .findFirst();
  }
}
