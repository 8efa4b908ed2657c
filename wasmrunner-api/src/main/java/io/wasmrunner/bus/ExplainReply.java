package io.wasmrunner.bus;

import io.wasmrunner.model.Decision;
import io.wasmrunner.model.RunnerId;
import java.util.List;
import java.util.Optional;

/**
 * Where a request would go.
 *
 * @param outcome {@code service}, {@code management} or {@code refused}
 * @param code which rule refuses it, {@code WR-nnnn}
 * @param status status of that answer
 * @param service the service
 * @param forwardedTarget path and query that the service would get
 * @param runners the runners it could go to
 * @param decisions what decides, in order
 */
public record ExplainReply(
    String outcome,
    Optional<String> code,
    Optional<Integer> status,
    Optional<String> service,
    Optional<String> forwardedTarget,
    List<Candidate> runners,
    List<Decision> decisions)
    implements BusMessage {
  /** Copies the lists. */
  public ExplainReply {
    runners = List.copyOf(runners);
    decisions = List.copyOf(decisions);
  }

  /**
   * A runner.
   *
   * @param id which
   * @param generation which generation of it
   * @param address where it listens
   * @param available whether it may get requests now
   * @param requests requests under way
   */
  public record Candidate(
      RunnerId id, long generation, String address, boolean available, int requests) {}
}
