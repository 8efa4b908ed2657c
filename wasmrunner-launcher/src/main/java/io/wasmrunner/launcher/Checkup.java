package io.wasmrunner.launcher;

import io.wasmrunner.launcher.Finding.Status;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all questions. */
final class Checkup {
  private static final Logger LOG = LoggerFactory.getLogger(Checkup.class);

  private Checkup() {}

  /** The questions, in the order of the report. */
  static List<Check> checks() {
    return Stream.of(
            JvmChecks.all(),
            MachineChecks.all(),
            ConfigurationChecks.all(),
            TlsChecks.all(),
            DataChecks.all(),
            ServiceChecks.all())
        .flatMap(List::stream)
        .toList();
  }

  /** One finding for each check; a check that fails itself is skipped, with the reason. */
  static List<Finding> of(Patient patient) {
    return checks().stream().map(check -> look(check, patient)).toList();
  }

  private static Finding look(Check check, Patient patient) {
    try {
      return check.look().apply(patient);
    } catch (RuntimeException e) {
      LOG.debug("check {} failed", check.id(), e);
      return new Finding(check.id(), Status.SKIPPED, "failed", List.of(e.toString()));
    }
  }

  /** The worst there is. */
  static Status worst(List<Finding> findings) {
    return findings.stream().map(Finding::status).max(Status::compareTo).orElse(Status.OK);
  }
}
