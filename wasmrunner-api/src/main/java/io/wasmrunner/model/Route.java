package io.wasmrunner.model;

import java.util.List;

/**
 * The way from a prefix to the runners of a service.
 *
 * @param service name of the service
 * @param prefix path prefix without slashes at the ends
 * @param traffic how requests reach the service
 * @param upstreams all its runners, those that may get requests marked available
 */
public record Route(
    String service, String prefix, TrafficSettings traffic, List<RouteUpstream> upstreams) {
  /** Copies the list. */
  public Route {
    upstreams = List.copyOf(upstreams);
  }

  /**
   * A runner behind a route.
   *
   * @param id which runner
   * @param generation generation of the runner, so that counters start anew with it
   * @param address where it listens
   * @param available whether it may get requests
   */
  public record RouteUpstream(
      RunnerId id, long generation, RunnerAddress address, boolean available) {}
}
