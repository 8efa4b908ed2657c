package io.wasmrunner.runtime;

import io.wasmrunner.bus.PlanSnapshot;
import io.wasmrunner.bus.RequestFailed.Reason;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.bus.ServiceCommand;
import io.wasmrunner.bus.ServiceReply;
import io.wasmrunner.model.ServiceChange;
import io.wasmrunner.model.ServiceDefinition;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What operators tell the services to do. Lives on the actor. */
final class Operations {
  static final String BAD_SCALE = "WR-2047";
  static final String PORTS_TAKEN = "WR-2048";

  private static final int MOST_RUNNERS = 64;

  private final Supervision supervision;
  private final Reload reload;
  private final RuntimeOptions options;
  private final Actor actor;
  private final DisabledServices store;
  private final TreeSet<String> disabled;

  Operations(
      Supervision supervision,
      RuntimeOptions options,
      Actor actor,
      DisabledServices store,
      Set<String> disabled) {
    this.supervision = supervision;
    this.reload = new Reload(supervision, options, actor);
    this.options = options;
    this.actor = actor;
    this.store = store;
    this.disabled = new TreeSet<>(disabled);
  }

  /** What a reload would change. */
  CompletionStage<PlanSnapshot> plan() {
    return reload.plan().thenApply(PlanSnapshot::new);
  }

  /** Takes over what the folder holds. */
  CompletionStage<PlanSnapshot> reload() {
    return reload.all().thenApply(PlanSnapshot::new);
  }

  /**
   * Does what a command says; completes when it has begun.
   *
   * @throws RequestFailedException when it is refused
   */
  CompletionStage<ServiceReply> run(ServiceCommand command) {
    if (command.action() == ServiceCommand.Action.RELOAD) {
      return reload
          .one(command.service())
          .thenApply(
              change ->
                  new ServiceReply(
                      change.orElseThrow(() -> noSuchService(command.service())).effect()));
    }
    ServiceSupervisor service = supervision.require(command.service());
    return switch (command.action()) {
      case START -> {
        requireEnabled(service);
        service.start(command.runner());
        yield told("what did not run is started");
      }
      case STOP -> {
        service.stop(command.runner());
        yield told("requests under way may end, then it stops");
      }
      case RESTART -> {
        requireEnabled(service);
        service.restart(command.runner());
        yield told("new runners replace the old ones, no request is lost");
      }
      case SCALE -> {
        int count = count(command, service);
        service.scale(count);
        yield told("it has " + count + " runners until the process starts anew");
      }
      case ENABLE -> {
        disabled.remove(command.service());
        yield remembered(() -> service.start(command.runner()), "enabled, and started");
      }
      case DISABLE -> {
        disabled.add(command.service());
        yield remembered(service::disable, "stopped until it is enabled");
      }
      case RELOAD -> throw new IllegalStateException("done above");
    };
  }

  private static CompletionStage<ServiceReply> told(String detail) {
    return CompletableFuture.completedFuture(new ServiceReply(detail));
  }

  /** Acts when it is on disk. */
  private CompletionStage<ServiceReply> remembered(Runnable then, String detail) {
    CompletableFuture<ServiceReply> reply = new CompletableFuture<>();
    TreeSet<String> names = new TreeSet<>(disabled);
    actor.offload(
        () -> {
          store.write(names);
          return names;
        },
        written -> {
          try {
            then.run();
            reply.complete(new ServiceReply(detail));
          } catch (RuntimeException e) {
            reply.completeExceptionally(e);
          }
        },
        reply::completeExceptionally);
    return reply;
  }

  private void requireEnabled(ServiceSupervisor service) {
    if (disabled.contains(service.service().name())) {
      throw RefusedCommand.disabled(service.service().name());
    }
  }

  private int count(ServiceCommand command, ServiceSupervisor service) {
    int count = command.runners().orElse(0);
    if (count < 1 || count > MOST_RUNNERS) {
      throw new RequestFailedException(
          Reason.INVALID,
          BAD_SCALE,
          "a service has 1 to " + MOST_RUNNERS + " runners, not " + count,
          "Name a number in \"runners\".");
    }
    requireFreePorts(service.service(), count);
    return count;
  }

  private void requireFreePorts(ServiceDefinition service, int count) {
    int first = service.address().port();
    int last = first + count - 1;
    boolean entry = options.entryPort() >= first && options.entryPort() <= last;
    String holder =
        entry
            ? "the entry point"
            : supervision.names().stream()
                .flatMap(name -> supervision.known(name).stream())
                .map(ServiceSupervisor::service)
                .filter(other -> !other.name().equals(service.name()))
                .filter(
                    other ->
                        other.address().port() <= last
                            && first <= other.address().port() + other.runners() - 1)
                .map(ServiceDefinition::name)
                .findFirst()
                .orElse("");
    if (!holder.isEmpty() || last > 65_535) {
      throw new RequestFailedException(
          Reason.CONFLICT,
          PORTS_TAKEN,
          "%d runners would take ports %d to %d%s"
              .formatted(
                  count, first, last, holder.isEmpty() ? "" : ", some of which are of " + holder),
          "Choose fewer, or move one of the two with the key \"url\".");
    }
  }

  private static RequestFailedException noSuchService(String name) {
    return new RequestFailedException(
        Reason.NOT_FOUND,
        Supervision.NO_SUCH_SERVICE,
        "there is no service \"" + CleanText.of(name) + "\", and no folder for one",
        "The list of services has the names.");
  }

  /** For a log: what changed. */
  static String describe(ServiceChange change) {
    return change.service() + " " + change.kind().key() + ": " + change.effect();
  }
}
