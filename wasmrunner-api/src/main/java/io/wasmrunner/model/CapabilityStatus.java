package io.wasmrunner.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the runners of a service have reached since the start, and what they were refused.
 *
 * @param restricted whether service.json has a capabilities block
 * @param outbound entries of {@code capabilities.outbound} that allow what was seen, sorted
 * @param inbound further ports that were bound, sorted
 * @param denied what was refused, in order of the first refusal
 * @param omitted how often something was not listed because a list was full
 * @param suggestion the smallest block that allows what was seen, to paste into service.json; empty
 *     when the launcher does not tell what its runners do
 */
public record CapabilityStatus(
    boolean restricted,
    List<String> outbound,
    List<Integer> inbound,
    List<Denial> denied,
    long omitted,
    String suggestion) {
  /** Nothing seen yet. */
  public static final CapabilityStatus NONE =
      new CapabilityStatus(false, List.of(), List.of(), List.of(), 0, "");

  /** Copies the lists. */
  public CapabilityStatus {
    outbound = List.copyOf(outbound);
    inbound = List.copyOf(inbound);
    denied = List.copyOf(denied);
  }

  /**
   * Something that was refused.
   *
   * @param operation {@code resolve}, {@code connect}, {@code bind}, {@code read} or {@code change}
   * @param target what the guest asked for
   * @param reason why it was refused
   * @param count how often
   * @param lastAt when it was refused last
   * @param add what allows it, to paste into service.json; absent when nothing does
   */
  public record Denial(
      String operation,
      String target,
      String reason,
      long count,
      Instant lastAt,
      Optional<String> add) {}
}
