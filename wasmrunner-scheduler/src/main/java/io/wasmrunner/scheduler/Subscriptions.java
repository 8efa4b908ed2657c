package io.wasmrunner.scheduler;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.wasmrunner.model.ListenerDefinition;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceStatus;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who listens to which queue. Kept in the store, so that a service whose files are wrong today
 * still gets what is published today once they are right. Belongs to one context.
 */
final class Subscriptions {
  private final Context context;
  private final Store store;
  private final StoreAlarm storeAlarm;
  private final Queues queues;
  private final ServiceDirectory services;
  private final Runnable stored;
  private final Map<String, ServiceGate> gates = new HashMap<>();
  private Set<Subscription.Key> wanted = Set.of();
  private boolean inStep;

  /**
   * All subscriptions.
   *
   * @param stored called when the queues deliver to changed subscribers
   */
  Subscriptions(
      Context context,
      Store store,
      StoreAlarm storeAlarm,
      Queues queues,
      ServiceDirectory services,
      Runnable stored) {
    this.context = context;
    this.store = store;
    this.storeAlarm = storeAlarm;
    this.queues = queues;
    this.services = services;
    this.stored = stored;
  }

  /** Takes what earlier processes left. */
  void restore(List<Subscription> stored) {
    wanted = stored.stream().map(Subscription::key).collect(Collectors.toUnmodifiableSet());
  }

  /** Takes over what the services say now; repeated until the store has it. */
  void sync() {
    if (!services.known()) {
      return;
    }
    Set<Subscription.Key> now = new LinkedHashSet<>();
    services.services().values().forEach(service -> now.addAll(of(service)));
    now.forEach(key -> gates.computeIfAbsent(key.service(), missing -> new ServiceGate()));
    gates.forEach((service, gate) -> gate.available(services.available(service)));
    if (inStep && now.equals(wanted)) {
      return;
    }
    wanted = now;
    inStep = true;
    storeAlarm
        .watch(Future.fromCompletionStage(store.subscribe(now), context))
        .onSuccess(
            subscriptions -> {
              queues.subscribed(subscriptions, gates);
              stored.run();
            })
        .onFailure(failure -> inStep = false);
  }

  /** Whether the store has to be told again. */
  boolean behind() {
    return services.known() && !inStep;
  }

  private Set<Subscription.Key> of(ServiceStatus service) {
    Optional<ServiceDefinition> definition = service.definition();
    if (definition.isEmpty()) {
      return wanted.stream()
          .filter(key -> key.service().equals(service.name()))
          .collect(Collectors.toSet());
    }
    Set<Subscription.Key> keys = new LinkedHashSet<>();
    for (ListenerDefinition listener : definition.get().listeners()) {
      keys.add(new Subscription.Key(listener.queue().strip(), service.name(), listener.path()));
    }
    return keys;
  }
}
