package io.wasmrunner.dashboard;

import io.wasmrunner.model.Violation;

/** A violation, ready to be shown. */
record ViolationView(String code, String place, String expected, String got, String fix) {
  static ViolationView of(Violation violation) {
    String line = violation.line() > 0 ? ":" + violation.line() + ":" + violation.column() : "";
    String pointer = violation.pointer().isEmpty() ? "" : " " + violation.pointer();
    return new ViolationView(
        violation.code(),
        violation.file() + line + pointer,
        violation.expected(),
        violation.got(),
        violation.fix());
  }
}
