package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Brings what runs into line with what the services folder holds, or only says what that would be.
 * Lives on the actor; reads the folder elsewhere.
 */
final class Reload {
  private final Supervision supervision;
  private final RuntimeOptions options;
  private final Actor actor;

  Reload(Supervision supervision, RuntimeOptions options, Actor actor) {
    this.supervision = supervision;
    this.options = options;
    this.actor = actor;
  }

  /** What a reload would do. */
  CompletionStage<List<ServiceChange>> plan() {
    return read(state -> changes(state, service -> false));
  }

  /** Takes over what is there; completes with what that changes, when it has begun. */
  CompletionStage<List<ServiceChange>> all() {
    return read(state -> changes(state, service -> true));
  }

  /** As {@link #all}, for one service; nothing when neither it nor its folder is there. */
  CompletionStage<Optional<ServiceChange>> one(String name) {
    return read(
        state ->
            changes(state, name::equals).stream()
                .filter(change -> change.service().equals(name))
                .findFirst());
  }

  private <T> CompletionStage<T> read(Function<FolderState, T> then) {
    CompletableFuture<T> result = new CompletableFuture<>();
    actor.offload(
        () -> FolderState.read(options, supervision.running()),
        state -> {
          try {
            result.complete(then.apply(state));
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        },
        result::completeExceptionally);
    return result;
  }

  private List<ServiceChange> changes(FolderState state, Function<String, Boolean> taken) {
    Set<String> names = new TreeSet<>(new HashSet<>(supervision.names()));
    names.addAll(state.entries().keySet());
    List<ServiceChange> changes = new ArrayList<>();
    for (String name : names) {
      changes.add(change(name, state, taken.apply(name)));
    }
    return changes;
  }

  private ServiceChange change(String name, FolderState state, boolean taken) {
    Optional<ServiceEntry> found = state.entry(name);
    Optional<ServiceSupervisor> runs = supervision.known(name);
    if (found.isEmpty()) {
      if (taken) {
        supervision.remove(name);
      }
      return ServiceComparison.removed(name).change();
    }
    ServiceEntry entry = found.get();
    if (!entry.valid()) {
      if (taken) {
        runs.ifPresentOrElse(
            service -> service.rejected(entry.errors()), () -> supervision.reject(entry));
      }
      return ServiceComparison.invalid(entry, runs.isPresent()).change();
    }
    if (runs.isEmpty()) {
      if (taken) {
        supervision.add(entry);
      }
      return ServiceComparison.added(entry).change();
    }
    return changed(runs.get(), entry, state.digest(name), taken);
  }

  private static ServiceChange changed(
      ServiceSupervisor service, ServiceEntry entry, String digest, boolean taken) {
    ServiceComparison comparison =
        ServiceComparison.of(service.entry(), service.digest(), entry, digest);
    if (taken) {
      if (comparison.newRunners() || service.invalid()) {
        service.deploy(entry, digest);
      } else if (comparison.change().kind() == ServiceChange.Kind.CHANGED) {
        service.configure(entry);
      } else {
        service.accepted(entry);
      }
    }
    return comparison.change();
  }
}
