package io.wasmrunner.runtime;

import io.wasmrunner.bus.RoutesSnapshot;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells the others how the services stand: changes of state at once (all of one turn together),
 * changes of figures after a short while. Lives on the actor.
 */
final class ServiceBoard {
  static final Duration FIGURES_WAIT = Duration.ofMillis(100);

  private final Actor actor;
  private final Supplier<List<ServiceStatus>> services;
  private final Supplier<List<Route>> routes;
  private final Consumer<ServicesSnapshot> servicesChanged;
  private final Consumer<RoutesSnapshot> routesChanged;

  private boolean stateDue;
  private boolean figuresDue;
  private ServicesSnapshot lastServices = new ServicesSnapshot(0, List.of());
  private RoutesSnapshot lastRoutes = new RoutesSnapshot(0, List.of());

  ServiceBoard(
      Actor actor,
      Supplier<List<ServiceStatus>> services,
      Supplier<List<Route>> routes,
      Consumer<ServicesSnapshot> servicesChanged,
      Consumer<RoutesSnapshot> routesChanged) {
    this.actor = actor;
    this.services = services;
    this.routes = routes;
    this.servicesChanged = servicesChanged;
    this.routesChanged = routesChanged;
  }

  /** Something changed that others act on. */
  void stateChanged() {
    if (!stateDue) {
      stateDue = true;
      actor.execute(this::publish);
    }
  }

  /** Only figures changed. */
  void figuresChanged() {
    if (!figuresDue) {
      figuresDue = true;
      actor.after(
          FIGURES_WAIT,
          () -> {
            if (figuresDue) {
              publish();
            }
          });
    }
  }

  /** The services as they are now. */
  ServicesSnapshot services() {
    publish();
    return lastServices;
  }

  /** The routes as they are now. */
  RoutesSnapshot routes() {
    publish();
    return lastRoutes;
  }

  private void publish() {
    stateDue = false;
    figuresDue = false;
    List<Route> allRoutes = routes.get();
    if (lastRoutes.revision() == 0 || !allRoutes.equals(lastRoutes.routes())) {
      lastRoutes = new RoutesSnapshot(lastRoutes.revision() + 1, allRoutes);
      routesChanged.accept(lastRoutes);
    }
    List<ServiceStatus> all = services.get();
    if (lastServices.revision() == 0 || !all.equals(lastServices.services())) {
      lastServices = new ServicesSnapshot(lastServices.revision() + 1, all);
      servicesChanged.accept(lastServices);
    }
  }
}
