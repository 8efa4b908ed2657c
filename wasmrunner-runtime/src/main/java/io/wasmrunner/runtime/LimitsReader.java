package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerLimits;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Reads the key {@code limits}, and {@code memory_limit_mb}, which is its oldest part. */
final class LimitsReader {
  static final String MEMORY_TWICE = "WR-2037";

  private static final String MEMORY = "/limits/memory_mb";
  private static final String MEMORY_OF_OLD = "/memory_limit_mb";

  private LimitsReader() {}

  static RunnerLimits read(ServiceJson json) {
    RunnerLimits usual = RunnerLimits.DEFAULT;
    double cpuShare = json.at("/limits/cpu_share").asDouble(usual.cpuShare());
    int descriptors = json.at("/limits/open_descriptors").asInt(usual.openDescriptors());
    int output = json.at("/limits/output_kb_per_second").asInt(usual.outputKbPerSecond());
    try {
      return new RunnerLimits(cpuShare, descriptors, output);
    } catch (IllegalArgumentException alreadyReported) { // by the schema, which is stricter
      return usual;
    }
  }

  static OptionalInt memoryMb(ServiceJson json) {
    JsonNode memory = json.at(MEMORY);
    JsonNode ofOld = json.at(MEMORY_OF_OLD);
    if (!memory.isMissingNode() && !ofOld.isMissingNode()) {
      json.error(
          MEMORY_TWICE,
          MEMORY,
          "the memory limit once",
          "one here and one in memory_limit_mb",
          "remove one of the two");
    }
    JsonNode given = memory.isMissingNode() ? ofOld : memory;
    return given.isInt() ? OptionalInt.of(given.asInt()) : OptionalInt.empty();
  }
}
