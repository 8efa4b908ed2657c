package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.ContractFindings;
import io.wasmrunner.bus.ContractQuery;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.ContractReport;
import java.time.Duration;
import java.util.Map;

/** Asks the proxy where traffic and contracts differ. */
final class Contracts {
  private Contracts() {}

  /** Reports by service, of one or (empty) of all; none when the proxy is silent. */
  static Future<Map<String, ContractReport>> of(Bus bus, String service, Duration patience) {
    return bus.request(
            BusAddress.CONTRACT_READ, new ContractQuery(service), ContractFindings.class, patience)
        .map(ContractFindings::reports)
        .otherwise(Map.of());
  }
}
