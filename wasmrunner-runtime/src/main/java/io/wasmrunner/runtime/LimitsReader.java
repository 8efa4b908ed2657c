package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerLimits;
import io.wasmrunner.model.ServiceDefinition;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Reads the key {@code limits}, and {@code memory_limit_mb}, which is its oldest part. */
final class LimitsReader {
  static final String MEMORY_TWICE = "WR-2037";

  static final String TOO_FEW_DESCRIPTORS = "WR-2086";

  /** Standard streams, a listener, and a few connections. */
  private static final int OWN_DESCRIPTORS = 8;

  private static final String DESCRIPTORS = "/limits/open_descriptors";
  private static final String MEMORY = "/limits/memory_mb";
  private static final String MEMORY_OF_OLD = "/memory_limit_mb";

  private LimitsReader() {}

  static RunnerLimits read(ServiceJson json) {
    RunnerLimits usual = RunnerLimits.DEFAULT;
    double cpuShare = json.at("/limits/cpu_share").asDouble(usual.cpuShare());
    int descriptors = json.at(DESCRIPTORS).asInt(usual.openDescriptors());
    int output = json.at("/limits/output_kb_per_second").asInt(usual.outputKbPerSecond());
    try {
      return new RunnerLimits(cpuShare, descriptors, output);
    } catch (IllegalArgumentException alreadyReported) { // by the schema, which is stricter
      return usual;
    }
  }

  /** A guest with its folders has to be able to open something yet. */
  static void checkDescriptors(ServiceJson json, ServiceDefinition service) {
    int folders = service.guest().capabilities().map(block -> block.preopens().size()).orElse(0);
    int needed = OWN_DESCRIPTORS + folders;
    if (service.guest().limits().openDescriptors() < needed) {
      json.error(
          TOO_FEW_DESCRIPTORS,
          DESCRIPTORS,
          "at least %d with %d folders in capabilities.preopens".formatted(needed, folders),
          String.valueOf(service.guest().limits().openDescriptors()),
          "write " + needed + " or more");
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
