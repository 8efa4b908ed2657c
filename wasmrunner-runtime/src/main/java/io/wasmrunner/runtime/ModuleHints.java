package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.wasi.Finding;
import java.util.List;

/** What the engine found about a module, in view of the flags of this JVM. */
final class ModuleHints {
  private static final String HUGE_COMPILED = "huge_functions_compiled";

  private ModuleHints() {}

  static List<ModuleHint> of(List<Finding> findings) {
    return findings.stream()
        .map(finding -> new ModuleHint(kind(finding), finding.count(), finding.places()))
        .toList();
  }

  /** The same hints for a JVM that has the flag. */
  static List<ModuleHint> withFlag(List<ModuleHint> hints) {
    return hints.stream()
        .map(
            hint ->
                hint.kind().equals(Finding.Kind.HUGE_FUNCTIONS.key())
                    ? new ModuleHint(HUGE_COMPILED, hint.count(), hint.places())
                    : hint)
        .toList();
  }

  static String kind(Finding finding) {
    return finding.kind() == Finding.Kind.HUGE_FUNCTIONS && JitFlag.hugeMethodsCompiled()
        ? HUGE_COMPILED
        : finding.kind().key();
  }
}
