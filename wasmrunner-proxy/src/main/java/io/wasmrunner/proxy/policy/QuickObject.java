package io.wasmrunner.proxy.policy;

import java.util.List;
import tools.jackson.core.sym.PropertyNameMatcher;

/**
 * What a schema says about objects.
 *
 * @param names tells members with rules of their own apart
 * @param members rules of those members, in the order of the names
 * @param required bits of those that must be there, the first name has the lowest
 * @param rest rules of all other members
 * @param fewest members at least
 * @param most members at most
 */
record QuickObject(
    PropertyNameMatcher names,
    List<QuickSchema> members,
    long required,
    QuickSchema rest,
    int fewest,
    int most) {

  /** So many members have a bit each. */
  static final int MOST_MEMBERS = 64;

  boolean accepts(long seen, int count) {
    return (seen & required) == required && count >= fewest && count <= most;
  }
}
