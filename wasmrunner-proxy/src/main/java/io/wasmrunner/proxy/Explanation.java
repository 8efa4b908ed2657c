package io.wasmrunner.proxy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a request ended as it did, step by step, in order. Confined to its event loop. */
final class Explanation {
  /** More steps than this are not kept. */
  static final int MOST_STEPS = 32;

  /** What is the same for most requests is put into words only when somebody wants to know. */
  private @Nullable String prefix;

  private String service = "";
  private @Nullable String runner;
  private int status;
  private List<Step> steps = List.of();

  /**
   * One decision.
   *
   * @param topic what was decided: {@code route}, {@code policy}, {@code runner}, {@code retry},
   *     {@code limit}
   * @param detail how and why, without secrets
   */
  record Step(String topic, String detail) {}

  /** It is for this service. */
  void routed(String byPrefix, String to) {
    prefix = byPrefix;
    service = to;
  }

  /** This runner answered it. */
  void answered(String by, int withStatus) {
    runner = by;
    status = withStatus;
  }

  /** Notes a decision; beyond the bound it is dropped. */
  void note(String topic, String detail) {
    if (steps.isEmpty()) {
      steps = new ArrayList<>(2);
    }
    if (steps.size() < MOST_STEPS) {
      steps.add(new Step(topic, detail));
    }
  }

  /** What was noted so far. */
  List<Step> steps() {
    List<Step> all = new ArrayList<>(steps.size() + 2);
    if (prefix != null) {
      all.add(new Step("route", "/" + prefix + " is served by " + service));
    }
    all.addAll(steps);
    if (runner != null) {
      all.add(new Step("runner", runner + " answered with status " + status));
    }
    return all;
  }
}
