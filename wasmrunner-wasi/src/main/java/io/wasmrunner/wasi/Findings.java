package io.wasmrunner.wasi;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Puts what was found into names that people know. */
final class Findings {
  private static final int MOST_PLACES = 5;
  private static final long LARGE_SECTIONS = 1 << 20;

  private Findings() {}

  static List<Finding> of(JvmCode code, ModuleFile file) {
    List<Finding> findings = new ArrayList<>();
    FunctionNames names = file.names();
    add(
        findings,
        Finding.Kind.INTERPRETED_FUNCTIONS,
        code.interpreted().size(),
        code.interpreted().stream().map(names::shown));
    add(
        findings,
        Finding.Kind.HUGE_FUNCTIONS,
        code.lint().hugeCount(),
        counted(code.lint().huge(), names));
    add(
        findings,
        Finding.Kind.STUCK_LOOPS,
        code.lint().stuckLoops().stream().mapToLong(JitLint.Counted::count).sum(),
        counted(code.lint().stuckLoops(), names));
    long sections = file.sections().stream().mapToLong(CustomSection::bytes).sum();
    if (sections > LARGE_SECTIONS && sections > file.size() / 2) {
      add(
          findings,
          Finding.Kind.CUSTOM_SECTIONS,
          sections,
          file.sections().stream().map(section -> section.name() + " (" + section.bytes() + ")"));
    }
    return List.copyOf(findings);
  }

  private static Stream<String> counted(List<JitLint.Counted> functions, FunctionNames names) {
    return functions.stream()
        .map(counted -> names.shown(counted.function()) + " (" + counted.count() + ")");
  }

  private static void add(
      List<Finding> findings, Finding.Kind kind, long count, Stream<String> places) {
    if (count > 0) {
      findings.add(new Finding(kind, count, places.limit(MOST_PLACES).toList()));
    }
  }
}
