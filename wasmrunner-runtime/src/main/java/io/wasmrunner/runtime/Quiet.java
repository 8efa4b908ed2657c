package io.wasmrunner.runtime;

import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.model.RunnerId;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until a generation has no requests under way, or the time for that is over. */
final class Quiet {
  static final Duration CHECK = Duration.ofMillis(200);

  private final RunnerSite site;
  private final RunnerId id;
  private final long number;
  private final BooleanSupplier current;
  private final Runnable quiet;
  private final Instant deadline;

  private Quiet(
      RunnerSite site, RunnerId id, long number, BooleanSupplier current, Runnable quiet) {
    this.site = site;
    this.id = id;
    this.number = number;
    this.current = current;
    this.quiet = quiet;
    this.deadline = site.clock().instant().plus(site.service().lifecycle().deploy().drainTimeout());
  }

  /**
   * Begins to wait.
   *
   * @param current whether it still matters
   * @param quiet called on the actor, unless it does not matter any more
   */
  static void await(
      RunnerSite site, RunnerId id, long number, BooleanSupplier current, Runnable quiet) {
    new Quiet(site, id, number, current, quiet).again();
  }

  private void again() {
    site.actor()
        .after(
            CHECK,
            () ->
                site.surroundings()
                    .requests()
                    .ask(id, number)
                    .whenComplete(
                        (activity, failure) -> site.actor().execute(() -> heard(activity))));
  }

  private void heard(@Nullable UpstreamActivity activity) {
    if (!current.getAsBoolean()) {
      return;
    }
    boolean busy = activity != null && activity.requests() > 0;
    if (busy && site.clock().instant().isBefore(deadline)) {
      again();
    } else {
      quiet.run();
    }
  }
}
