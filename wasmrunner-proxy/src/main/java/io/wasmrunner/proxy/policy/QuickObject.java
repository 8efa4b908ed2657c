package io.wasmrunner.proxy.policy;

import java.util.Map;

/**
 * What a schema says about objects.
 *
 * @param members members with rules of their own
 * @param required bits of the members that must be there
 * @param rest rules of all other members
 * @param fewest members at least
 * @param most members at most
 */
record QuickObject(
    Map<String, Member> members, long required, QuickSchema rest, int fewest, int most) {

  /** So many members have a bit each. */
  static final int MOST_MEMBERS = 64;

  /**
   * A member.
   *
   * @param bit its bit
   * @param schema rules of its value
   */
  record Member(long bit, QuickSchema schema) {}

  boolean accepts(long seen, int count) {
    return (seen & required) == required && count >= fewest && count <= most;
  }
}
