package io.wasmrunner.runtime;

import io.wasmrunner.model.PastGeneration;
import io.wasmrunner.model.RunnerExit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last generations of a runner that are over, newest first. Lives on the actor. */
final class Past {
  static final int MOST = 5;

  private final Deque<PastGeneration> generations = new ArrayDeque<>(MOST);

  void add(long number, RunnerExit exit, List<String> output) {
    if (generations.size() == MOST) {
      generations.removeLast();
    }
    generations.addFirst(new PastGeneration(number, exit, output));
  }

  List<PastGeneration> generations() {
    return List.copyOf(generations);
  }
}
