package io.wasmrunner.model;

import java.util.List;
import java.util.Map;

/**
 * Answers given in the last 60 minutes, by minute and status.
 *
 * @param services per service and endpoint
 * @param global of the whole entry point, requests that no service got included, those for
 *     wasmrunner's own paths not
 */
public record RequestStats(List<MinuteCounts> global, List<ServiceCounts> services) {
  /** Copies the lists. */
  public RequestStats {
    global = List.copyOf(global);
    services = List.copyOf(services);
  }

  /**
   * One minute.
   *
   * @param minute minutes since the epoch
   * @param counts answers by status code
   */
  public record MinuteCounts(long minute, Map<Integer, Long> counts) {
    /** Copies the map. */
    public MinuteCounts {
      counts = Map.copyOf(counts);
    }
  }

  /**
   * One service.
   *
   * @param service its name
   * @param endpoints its endpoints
   */
  public record ServiceCounts(String service, List<EndpointCounts> endpoints) {
    /** Copies the list. */
    public ServiceCounts {
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * One endpoint.
   *
   * @param endpoint method-less path below the prefix, or {@code other} beyond the bound of names
   * @param minutes its minutes
   */
  public record EndpointCounts(String endpoint, List<MinuteCounts> minutes) {
    /** Copies the list. */
    public EndpointCounts {
      minutes = List.copyOf(minutes);
    }
  }
}
