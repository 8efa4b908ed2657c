package io.wasmrunner.bus;

import io.wasmrunner.model.ContractReport;
import java.util.Map;

/**
 * Where traffic and contracts differ.
 *
 * @param reports by service; only services with a contract that is looked at
 */
public record ContractFindings(Map<String, ContractReport> reports) implements BusMessage {
  /** Copies the map. */
  public ContractFindings {
    reports = Map.copyOf(reports);
  }
}
