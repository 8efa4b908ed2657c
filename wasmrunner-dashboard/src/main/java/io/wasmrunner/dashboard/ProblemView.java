package io.wasmrunner.dashboard;

import io.wasmrunner.model.QueueStatus;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that needs attention, shown before everything else.
 *
 * @param css tone
 * @param severity key of how bad it is
 * @param what key of what is wrong
 * @param name service or queue
 * @param count figure for the words of {@code what}
 * @param href where to look
 * @param dialog whether that opens over the page
 * @param logs log view of the service
 * @param runners runners that are not well
 * @param violations what is wrong with its files
 */
record ProblemView(
    String css,
    String severity,
    String what,
    String name,
    long count,
    @Nullable String href,
    boolean dialog,
    @Nullable String logs,
    List<RunnerView> runners,
    List<ViolationView> violations) {
  private static final List<ServiceState> WORST_FIRST =
      List.of(ServiceState.INVALID, ServiceState.DOWN, ServiceState.DEGRADED);

  /** What is wrong, the worst first. */
  static List<ProblemView> of(
      List<ServiceStatus> services, List<QueueStatus> queues, Figures figures) {
    List<ProblemView> problems = new ArrayList<>();
    for (ServiceState state : WORST_FIRST) {
      services.stream()
          .filter(service -> service.state() == state)
          .forEach(service -> problems.add(of(service, figures)));
    }
    queues.stream()
        .filter(queue -> queue.dead() > 0)
        .forEach(
            queue ->
                problems.add(
                    new ProblemView(
                        Tone.WARN.css(),
                        "tone.warn",
                        "problem.dead",
                        queue.name(),
                        queue.dead(),
                        QueueView.href(queue.name()) + "?state=dead",
                        true,
                        null,
                        List.of(),
                        List.of())));
    return problems;
  }

  private static ProblemView of(ServiceStatus service, Figures figures) {
    List<RunnerStatus> unwell =
        service.runners().stream().filter(runner -> !well(runner.state())).toList();
    return new ProblemView(
        Tone.of(service.state()).css(),
        "tone." + Tone.of(service.state()).css(),
        "problem." + service.state(),
        service.name(),
        service.state() == ServiceState.INVALID ? service.violations().size() : unwell.size(),
        service.definition().isPresent() ? "#" + ServiceView.anchor(service.name()) : null,
        false,
        service.definition().isPresent()
            ? Paths.UI + "/services/" + Paths.encode(service.name()) + "/logs"
            : null,
        unwell.stream().map(runner -> RunnerView.of(runner, figures)).toList(),
        service.state() == ServiceState.INVALID
            ? service.violations().stream().map(ViolationView::of).toList()
            : List.of());
  }

  private static boolean well(RunnerState state) {
    return Tone.of(state) == Tone.OK || Tone.of(state) == Tone.CALM;
  }
}
