package io.wasmrunner.model;

/**
 * Names one runner of a service.
 *
 * @param service name of the service
 * @param index position among its runners, from 0
 */
public record RunnerId(String service, int index) implements Comparable<RunnerId> {
  /** {@code service/index}, as in the response header {@code X-Wasmrunner-Runner}. */
  @Override
  public String toString() {
    return service + "/" + index;
  }

  @Override
  public int compareTo(RunnerId other) {
    int byService = service.compareTo(other.service);
    return byService != 0 ? byService : Integer.compare(index, other.index);
  }
}
