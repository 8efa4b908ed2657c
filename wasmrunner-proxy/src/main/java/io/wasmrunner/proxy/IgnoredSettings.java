package io.wasmrunner.proxy;

import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.model.TrafficSettings;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings of a service that have no effect with vertx-web-proxy. */
final class IgnoredSettings {
  static final String CODE = "WR-3404";

  private static final Logger LOG = LoggerFactory.getLogger(IgnoredSettings.class);

  private IgnoredSettings() {}

  /** Says so once for each change of a service's settings, if there are any. */
  static void tell(Route route, ForwarderKind forwarder, TrafficEvents events) {
    if (forwarder == ForwarderKind.NATIVE) {
      return;
    }
    List<String> ignored = of(route.traffic());
    if (ignored.isEmpty()) {
      return;
    }
    String message =
        "%s: %s asks for what the forwarder vertx_web_proxy does not do: %s"
            .formatted(CODE, route.service(), String.join(", ", ignored));
    LOG.warn("{}. Fix: set proxy.forwarder to native, or remove these settings.", message);
    events.settingsIgnored(route.service(), message);
  }

  /** Keys of service.json. */
  static List<String> of(TrafficSettings traffic) {
    List<String> keys = new ArrayList<>();
    traffic.resilience().retries().ifPresent(retries -> keys.add("retries"));
    Timeouts asked = traffic.timeouts();
    Timeouts usual = Timeouts.DEFAULT;
    addIf(keys, !asked.firstByte().equals(usual.firstByte()), "timeouts.first_byte");
    addIf(keys, !asked.idle().equals(usual.idle()), "timeouts.idle");
    addIf(keys, !asked.total().equals(usual.total()), "timeouts.total");
    addIf(keys, !asked.runner().equals(usual.runner()), "timeouts.runner");
    Policies policies = traffic.policies();
    // Without the key contract bodies are not looked at, and nobody has asked for anything.
    boolean answersChecked =
        policies
            .contract()
            .filter(contract -> contract.bodies())
            .filter(contract -> contract.responses() != ContractPolicy.Mode.OFF)
            .isPresent();
    addIf(keys, answersChecked, "contract.responses");
    addIf(keys, policies.compression().isPresent(), "compression");
    addIf(keys, policies.cors().isPresent(), "cors (only preflights are answered)");
    return keys;
  }

  private static void addIf(List<String> keys, boolean condition, String key) {
    if (condition) {
      keys.add(key);
    }
  }
}
