package io.wasmrunner.model;

import java.util.List;

/**
 * A generation of a runner that is over.
 *
 * @param generation its number
 * @param exit how it ended
 * @param output its last lines of output, oldest first; a few
 */
public record PastGeneration(long generation, RunnerExit exit, List<String> output) {
  /** Copies the list. */
  public PastGeneration {
    output = List.copyOf(output);
  }
}
