package io.wasmrunner.proxy.policy;

import java.util.Map;

/**
 * Where a message does not fit its contract.
 *
 * @param in part of the message: {@code path}, {@code query}, {@code header}, {@code cookie},
 *     {@code body}
 * @param pointer place in it: name of a parameter, or JSON pointer into a body
 * @param rule keyword that is not met
 * @param expected what the contract says
 * @param got what is there, cut short
 */
record Violation(String in, String pointer, String rule, String expected, String got) {
  /** As a member of problem details. */
  Map<String, Object> json() {
    return Map.of("in", in, "pointer", pointer, "rule", rule, "expected", expected, "got", got);
  }

  /** The place without positions in lists, so that equal faults have equal places. */
  String place() {
    String general = pointer.replaceAll("/[0-9]+(?=/|$)", "/*");
    return in.equals("body") ? in + general : in + "." + pointer;
  }
}
