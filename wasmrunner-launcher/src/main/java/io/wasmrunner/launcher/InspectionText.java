package io.wasmrunner.launcher;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.JitFlag;
import io.wasmrunner.runtime.ModuleInspection;
import java.nio.file.Path;
import java.util.List;

/** The report of {@code inspect} for people. */
final class InspectionText {
  private static final int MOST_LINES = 100;

  private final StringBuilder text = new StringBuilder();

  private InspectionText() {}

  static String of(Path file, WasmrunnerException refused) {
    return "%s does not run here%n%s%n".formatted(file, refused.explain());
  }

  static String of(Path file, ModuleInspection found) {
    InspectionText report = new InspectionText();
    report.line(file + " runs here");
    report.line("digest", found.digest());
    report.line("size", "%,d bytes".formatted(found.sizeBytes()));
    report.line("memory", memory(found));
    report.line("entry", found.entry());
    report.list("imports", "all provided", found.imports());
    long bytes = found.customSections().stream().mapToLong(ModuleInspection.Section::bytes).sum();
    report.list(
        "sections",
        "%,d bytes not needed to run it: read and hashed with the file, never parsed"
            .formatted(bytes),
        found.customSections().stream()
            .map(section -> "%s %,d".formatted(section.name(), section.bytes()))
            .toList());
    report.line("code", found.compiled() ? "compiled" : "stays interpreted as a whole");
    report.line(
        "this JVM",
        JitFlag.hugeMethodsCompiled()
            ? "compiles methods of any size"
            : "never compiles methods of more than 8000 bytecodes (-XX:-DontCompileHugeMethods)");
    if (found.hints().isEmpty()) {
      report.line("hints", "none");
    }
    found.hints().forEach(report::hint);
    return report.text.toString();
  }

  private static String memory(ModuleInspection found) {
    String most =
        found.maximumMemoryBytes().isPresent()
            ? "at most %,d KiB by its own limit"
                .formatted(found.maximumMemoryBytes().getAsLong() >> 10)
            : "no limit of its own";
    return "starts with %,d KiB, %s".formatted(found.initialMemoryBytes() >> 10, most);
  }

  private void hint(ModuleHint hint) {
    line("hint", "%,d %s".formatted(hint.count(), HintWords.of(hint)));
    hint.places().forEach(this::item);
    if (hint.count() > hint.places().size() && !hint.kind().equals("custom_sections")) {
      item("...");
    }
  }

  private void list(String name, String what, List<String> items) {
    line(name, items.size() + ", " + what);
    items.stream().limit(MOST_LINES).forEach(this::item);
  }

  private void item(String what) {
    line("", "  " + what);
  }

  private void line(String name, String what) {
    line("%-12s %s".formatted(name, what));
  }

  private void line(String whole) {
    text.append(whole).append(System.lineSeparator());
  }
}
