package io.wasmrunner.bus;

/**
 * What a generation of a runner does, and did.
 *
 * @param requests requests under way on it, also after it has left the route table
 * @param completed requests that got an answer from it or failed on it
 * @param failed those of them that got an answer of 500 or more, or none
 * @param micros time of all completed requests together, to the head of the answer, in microseconds
 */
public record UpstreamActivity(int requests, long completed, long failed, long micros)
    implements BusMessage {
  /** Nothing. */
  public static final UpstreamActivity NONE = new UpstreamActivity(0, 0, 0, 0);

  /** Both together. */
  public UpstreamActivity plus(UpstreamActivity other) {
    return new UpstreamActivity(
        requests + other.requests,
        completed + other.completed,
        failed + other.failed,
        micros + other.micros);
  }
}
