package io.wasmrunner.dashboard;

import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * The buttons of a service.
 *
 * @param name the service
 * @param all those for the whole service
 * @param runners those for each runner
 */
record OperateView(String name, List<Button> all, List<Runner> runners) {
  private static final String DISABLED = "DISABLED";

  /** A button: where it posts to, and key of its words. */
  record Button(String href, String key) {}

  /** The buttons of one runner. */
  record Runner(int index, List<Button> buttons) {}

  static OperateView of(ServiceStatus service) {
    String root = ServicePage.path(service.name()) + "/";
    List<Button> all = new ArrayList<>();
    boolean disabled = service.state().name().equals(DISABLED);
    if (service.state() != ServiceState.INVALID && !disabled) {
      if (service.state() == ServiceState.STOPPED) {
        all.add(new Button(root + "start", "operate.start"));
      } else {
        all.add(new Button(root + "restart", "operate.restart"));
        all.add(new Button(root + "stop", "operate.stop"));
      }
      int count = service.runners().size();
      all.add(new Button(root + "scale?runners=" + (count + 1), "operate.more"));
      if (count > 1) {
        all.add(new Button(root + "scale?runners=" + (count - 1), "operate.fewer"));
      }
    }
    if (!disabled) {
      all.add(new Button(root + "reload", "operate.reload"));
    }
    all.add(
        new Button(
            root + (disabled ? "enable" : "disable"),
            disabled ? "operate.enable" : "operate.disable"));
    return new OperateView(
        service.name(),
        all,
        disabled
            ? List.of()
            : service.runners().stream()
                .map(
                    runner ->
                        new Runner(
                            runner.id().index(), runner(root, runner.id().index(), runner.state())))
                .toList());
  }

  private static List<Button> runner(String root, int index, RunnerState state) {
    String query = "?runner=" + index;
    return state == RunnerState.STOPPED
        ? List.of(new Button(root + "start" + query, "operate.start"))
        : List.of(
            new Button(root + "restart" + query, "operate.restart"),
            new Button(root + "stop" + query, "operate.stop"));
  }
}
