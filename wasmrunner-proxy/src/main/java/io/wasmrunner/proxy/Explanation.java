package io.wasmrunner.proxy;

import java.util.ArrayList;
import java.util.List;

/** Why a request ended as it did, step by step, in order. Confined to its event loop. */
final class Explanation {
  /** More steps than this are not kept. */
  static final int MOST_STEPS = 32;

  private final List<Step> steps = new ArrayList<>(4);

  /**
   * One decision.
   *
   * @param topic what was decided: {@code route}, {@code policy}, {@code runner}, {@code retry},
   *     {@code limit}
   * @param detail how and why, without secrets
   */
  record Step(String topic, String detail) {}

  /** Notes a decision; beyond the bound it is dropped. */
  void note(String topic, String detail) {
    if (steps.size() < MOST_STEPS) {
      steps.add(new Step(topic, detail));
    }
  }

  /** What was noted so far. */
  List<Step> steps() {
    return List.copyOf(steps);
  }
}
