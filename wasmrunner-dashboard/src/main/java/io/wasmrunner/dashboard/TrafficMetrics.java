package io.wasmrunner.dashboard;

import io.wasmrunner.model.TrafficStatus;
import io.wasmrunner.model.TrafficStatus.Circuit;
import io.wasmrunner.model.TrafficStatus.RunnerTraffic;
import java.util.List;

/** What monitoring systems collect about ejections, limits, retries and circuit breakers. */
final class TrafficMetrics {
  private TrafficMetrics() {}

  static void write(PrometheusText text, List<TrafficStatus> traffic) {
    PrometheusText.Family underWay =
        text.gauge("wasmrunner_requests_under_way", "Requests under way.");
    PrometheusText.Family limit =
        text.gauge("wasmrunner_requests_limit", "How many requests may be under way.");
    PrometheusText.Family waiting =
        text.gauge("wasmrunner_requests_waiting", "Requests that wait because of the limit.");
    PrometheusText.Family retries =
        text.counter("wasmrunner_retries_total", "Requests sent to a runner once more.");
    PrometheusText.Family open =
        text.gauge("wasmrunner_circuit_open", "Whether the circuit breaker is not closed.");
    PrometheusText.Family ejected =
        text.gauge("wasmrunner_runner_ejected", "Whether the runner is left out because it fails.");
    PrometheusText.Family ejections =
        text.counter("wasmrunner_runner_ejections_total", "Ejections since the last start.");
    for (TrafficStatus service : traffic) {
      String[] labels = {"service", service.service()};
      underWay.sample(service.underWay(), labels);
      if (service.limit() > 0) {
        limit.sample(service.limit(), labels);
        waiting.sample(service.waiting(), labels);
      }
      retries.sample(service.retries(), labels);
      service
          .circuit()
          .ifPresent(circuit -> open.sample(circuit == Circuit.CLOSED ? 0 : 1, labels));
      for (RunnerTraffic runner : service.runners()) {
        String[] names = {"service", service.service(), "runner", Integer.toString(runner.index())};
        ejected.sample(runner.ejectedUntil().isPresent() ? 1 : 0, names);
        ejections.sample(runner.ejections(), names);
      }
    }
  }
}
