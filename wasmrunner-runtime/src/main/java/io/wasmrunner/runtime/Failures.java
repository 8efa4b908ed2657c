package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import io.wasmrunner.model.WasmrunnerException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/** Says what a failure means for a service. */
final class Failures {
  static final String CANNOT_RUN = "WR-2040";

  private Failures() {}

  static String explain(Throwable failure) {
    Throwable cause = unwrap(failure);
    return cause instanceof WasmrunnerException known ? known.explain() : cause.toString();
  }

  /** A module that cannot run, as a violation of its file. */
  static Violation asViolation(Throwable failure, ServiceDefinition service) {
    Throwable cause = unwrap(failure);
    Path file = service.folder().relativize(service.files().module());
    boolean known = cause instanceof WasmrunnerException;
    return new Violation(
        cause instanceof WasmrunnerException coded ? coded.code() : CANNOT_RUN,
        service.name() + "/" + file,
        0,
        0,
        "",
        "a module that can run here",
        known ? String.valueOf(cause.getMessage()) : cause.toString(),
        cause instanceof WasmrunnerException advised
            ? advised.advice()
            : "see the log, and correct the module or its settings");
  }

  /** What a stage failed with. */
  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
