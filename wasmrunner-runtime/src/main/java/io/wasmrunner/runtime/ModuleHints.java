package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.wasi.Finding;
import java.util.List;

/** What the engine found about a module, in view of the flags of this JVM. */
final class ModuleHints {
  private ModuleHints() {}

  static List<ModuleHint> of(List<Finding> findings) {
    return findings.stream()
        .map(finding -> new ModuleHint(kind(finding), finding.count(), finding.places()))
        .toList();
  }

  static String kind(Finding finding) {
    return finding.kind() == Finding.Kind.HUGE_FUNCTIONS && JitFlag.hugeMethodsCompiled()
        ? "huge_functions_compiled"
        : finding.kind().key();
  }
}
