package io.wasmrunner.dashboard;

import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.CapabilityStatus.Denial;
import java.util.List;

/** What the runners of a service have reached and were refused, as the management API shows it. */
record CapabilitiesResource(
    String mode, Observed observed, List<Denial> denied, long omitted, String suggestion) {

  /** Entries that allow what was seen. */
  record Observed(List<String> outbound, List<Integer> inbound) {}

  static CapabilitiesResource of(CapabilityStatus status) {
    return new CapabilitiesResource(
        status.restricted() ? "restricted" : "unrestricted",
        new Observed(status.outbound(), status.inbound()),
        status.denied(),
        status.omitted(),
        status.suggestion());
  }
}
