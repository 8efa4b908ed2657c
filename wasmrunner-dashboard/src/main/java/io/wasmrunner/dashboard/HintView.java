package io.wasmrunner.dashboard;

import io.wasmrunner.model.ModuleHint;
import java.util.Set;

/**
 * Something about a module that costs speed, ready to be shown.
 *
 * @param key words for it; they take the count and the kind
 */
record HintView(String key, long count, String kind, String places) {
  private static final Set<String> KNOWN =
      Set.of(
          "interpreted_functions",
          "huge_functions",
          "huge_functions_compiled",
          "stuck_loops",
          "custom_sections");

  static HintView of(ModuleHint hint) {
    return new HintView(
        "hint." + (KNOWN.contains(hint.kind()) ? hint.kind() : "other"),
        hint.count(),
        hint.kind(),
        String.join(", ", hint.places()));
  }
}
