package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What comes before the runners of a version: its module is loaded, its code made or found. */
final class VersionStart {
  /** A start waits this long for code from the cache before it begins with what there is. */
  static final Duration CODE_WAIT = Duration.ofMillis(1500);

  private VersionStart() {}

  /** Loads and checks the module of a version elsewhere; both are told on the actor. */
  static void prepare(
      ServiceDefinition service,
      Surroundings surroundings,
      Consumer<PreparedModule> ready,
      Consumer<Throwable> refused) {
    surroundings
        .actor()
        .compute(() -> PreparedModule.prepare(service, surroundings.options()), ready, refused);
  }

  /**
   * Waits for the best code.
   *
   * @param waitedLong called when that takes long, before it is there
   * @param known called when it is there, or with the reason why it never will be
   */
  static void awaitCode(RunnerSite site, Runnable waitedLong, Consumer<Optional<Throwable>> known) {
    Actor.Timer wait = site.actor().after(CODE_WAIT, waitedLong);
    site.module()
        .bestCode()
        .whenComplete(
            (nothing, failure) ->
                site.actor()
                    .execute(
                        () -> {
                          wait.cancel();
                          known.accept(Optional.ofNullable(failure));
                        }));
  }
}
