package io.wasmrunner.dashboard;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the dashboard has to know from outside.
 *
 * @param version version of wasmrunner, shown on the page and in the metrics
 * @param allowedHosts host names accepted in {@code Host}, case and port ignored, IPv6 in brackets:
 *     {@code localhost}, {@code 127.0.0.1}, {@code [::1]} and the configured host
 * @param insecureBind whether any {@code Host} is accepted, as with {@code --insecure-bind}
 * @param plugins loaded plugins
 * @param configView the configuration in force with its origins, secrets already masked; called for
 *     each request on an event loop
 * @param clock the time; its zone is the one that pages show
 */
public record DashboardOptions(
    String version,
    Set<String> allowedHosts,
    boolean insecureBind,
    List<PluginInfo> plugins,
    Supplier<JsonObject> configView,
    Clock clock) {
  /** Copies the collections. */
  public DashboardOptions {
    allowedHosts = Set.copyOf(allowedHosts);
    plugins = List.copyOf(plugins);
  }
}
