package io.wasmrunner.launcher;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.JitFlag;
import io.wasmrunner.runtime.ModuleInspection;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The report of {@code inspect} for programs. */
final class InspectionJson {
  private static final JsonMapper JSON = new JsonMapper();

  private InspectionJson() {}

  static String of(Path file, WasmrunnerException refused) {
    ObjectNode report = report(file, false);
    report
        .putObject("refused")
        .put("code", refused.code())
        .put("problem", refused.getMessage())
        .put("fix", refused.advice());
    return report.toPrettyString() + System.lineSeparator();
  }

  static String of(Path file, ModuleInspection found) {
    ObjectNode report = report(file, true);
    report.put("digest", found.digest()).put("size_bytes", found.sizeBytes());
    ObjectNode memory = report.putObject("memory");
    memory.put("initial_bytes", found.initialMemoryBytes());
    if (found.maximumMemoryBytes().isPresent()) {
      memory.put("maximum_bytes", found.maximumMemoryBytes().getAsLong());
    } else {
      memory.putNull("maximum_bytes");
    }
    report.put("entry", found.entry());
    ArrayNode imports = report.putArray("imports");
    found.imports().forEach(imports::add);
    ArrayNode sections = report.putArray("custom_sections");
    found
        .customSections()
        .forEach(
            section ->
                sections.addObject().put("name", section.name()).put("bytes", section.bytes()));
    report.put("compiled", found.compiled());
    ArrayNode interpreted = report.putArray("interpreted_functions");
    found.interpreted().forEach(interpreted::add);
    report.put("jit_compiles_huge_methods", JitFlag.hugeMethodsCompiled());
    ArrayNode hints = report.putArray("hints");
    for (ModuleHint hint : found.hints()) {
      ObjectNode shown = hints.addObject().put("kind", hint.kind()).put("count", hint.count());
      ArrayNode places = shown.putArray("places");
      hint.places().forEach(places::add);
      shown.put("meaning", HintWords.of(hint));
    }
    return report.toPrettyString() + System.lineSeparator();
  }

  private static ObjectNode report(Path file, boolean runs) {
    return JSON.createObjectNode().put("file", file.toString()).put("runs", runs);
  }
}
