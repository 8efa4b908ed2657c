package io.wasmrunner.spi;

/** What the factories of all extension points have in common. */
public interface Factory {
  /** Name by which service.json chooses it; unique within its extension point. */
  String name();

  /**
   * JSON Schema (2020-12) of an object with its settings.
   *
   * <p>Merged into the schema of service.json, so that a typo in a setting is reported like any
   * other. Default: no settings.
   */
  default String settingsSchema() {
    return """
        {"type": "object", "additionalProperties": false, "properties": {}}""";
  }
}
