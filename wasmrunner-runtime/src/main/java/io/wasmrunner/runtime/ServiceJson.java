package io.wasmrunner.runtime;

import io.wasmrunner.model.Violation;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A parsed service.json with the lists that take what is wrong with it. */
final class ServiceJson {
  private final String file;
  private final LocatedJson json;
  private final List<Violation> errors;
  private final List<Violation> warnings;

  ServiceJson(String file, LocatedJson json, List<Violation> errors, List<Violation> warnings) {
    this.file = file;
    this.json = json;
    this.errors = errors;
    this.warnings = warnings;
  }

  /** The value at a pointer, a missing node when there is none. */
  JsonNode at(String pointer) {
    return json.root().at(pointer);
  }

  Place place(String pointer) {
    return json.ofValue(pointer);
  }

  void error(String code, String pointer, String expected, String got, String fix) {
    errors.add(violation(code, pointer, expected, got, fix));
  }

  void warning(String code, String pointer, String expected, String got, String fix) {
    warnings.add(violation(code, pointer, expected, got, fix));
  }

  /** A violation at a place of this file, for checks that look at several files. */
  Violation violation(String code, String pointer, String expected, String got, String fix) {
    Place place = json.ofValue(pointer);
    return new Violation(code, file, place.line(), place.column(), pointer, expected, got, fix);
  }
}
