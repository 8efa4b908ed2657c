package io.wasmrunner.model;

import java.util.List;

/**
 * Something about a module that costs speed, for people who can do something about it.
 *
 * @param kind stable name: {@code interpreted_functions}, {@code huge_functions} (the JIT leaves
 *     them alone), {@code huge_functions_compiled} (it would, were it not for a flag that this JVM
 *     has), {@code stuck_loops}, {@code custom_sections}; launchers may have others
 * @param count how many functions, loops or bytes
 * @param places where; the most important ones, at most a few
 */
public record ModuleHint(String kind, long count, List<String> places) {
  /** Copies the list. */
  public ModuleHint {
    places = List.copyOf(places);
  }
}
