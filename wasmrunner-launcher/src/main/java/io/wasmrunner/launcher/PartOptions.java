package io.wasmrunner.launcher;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.dashboard.DashboardOptions;
import io.wasmrunner.dashboard.PluginInfo;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.proxy.ForwarderKind;
import io.wasmrunner.proxy.ProxyOptions;
import io.wasmrunner.proxy.TlsFiles;
import io.wasmrunner.runtime.LogFileSettings;
import io.wasmrunner.runtime.RuntimeOptions;
import io.wasmrunner.scheduler.SchedulerOptions;
import io.wasmrunner.spi.PluginCatalog;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** Turns settings into the options of each part. */
final class PartOptions {
  private PartOptions() {}

  static DashboardOptions dashboard(
      Configuration configuration, LoadedPlugins plugins, ListenAddress address, Clock clock) {
    return new DashboardOptions(
        WasmrunnerCommand.version(),
        address.hostNames(),
        !address.loopback() && configuration.flag(Setting.INSECURE_BIND),
        plugins.origins().stream()
            .map(origin -> PluginInfo.of(origin.plugin(), origin.place()))
            .toList(),
        () -> view(configuration),
        clock.withZone(ZoneId.systemDefault()));
  }

  static ProxyOptions proxy(Configuration configuration, ListenAddress address, Clock clock) {
    ProxyOptions options =
        ProxyOptions.defaults()
            .withHost(address.host())
            .withPort(address.port())
            .withDrainTimeout(Duration.ofSeconds(configuration.number(Setting.DRAIN_SECONDS)))
            .withForwarder(
                ForwarderKind.valueOf(
                    configuration.text(Setting.FORWARDER).toUpperCase(Locale.ROOT)))
            .withClock(clock);
    Optional<TlsFiles> tls = tls(configuration);
    if (tls.isPresent()) {
      options = options.withTls(tls.get());
    }
    options = options.withEdge(EdgeSettings.of(configuration));
    int loops = configuration.number(Setting.EVENT_LOOPS);
    return loops == 0 ? options : options.withEventLoops(loops);
  }

  private static Optional<TlsFiles> tls(Configuration configuration) {
    String certificate = configuration.text(Setting.TLS_CERTIFICATE);
    String key = configuration.text(Setting.TLS_KEY);
    if (certificate.isBlank() && EdgeSettings.clientCertificates(configuration).isPresent()) {
      throw new WasmrunnerException(
          "WR-1002",
          "server.tls.client_auth is given without server.tls.certificate",
          "Give certificate and key for TLS, or no client_auth.");
    }
    if (certificate.isBlank() != key.isBlank()) {
      throw new WasmrunnerException(
          "WR-1002",
          "of server.tls.certificate and server.tls.key only one is given",
          "Give both for TLS, or none of them.");
    }
    return certificate.isBlank()
        ? Optional.empty()
        : Optional.of(
            new TlsFiles(
                configuration.path(Setting.TLS_CERTIFICATE),
                configuration.path(Setting.TLS_KEY),
                EdgeSettings.clientCertificates(configuration)));
  }

  static SchedulerOptions scheduler(Path data, URI innerBase, String innerToken, Clock clock) {
    return SchedulerOptions.of(data, innerBase, innerToken, clock, new SecureRandom());
  }

  static RuntimeOptions runtime(
      Configuration configuration,
      Path services,
      Path data,
      String guestBaseUrl,
      int entryPort,
      PluginCatalog plugins,
      Clock clock) {
    RuntimeOptions.Builder builder =
        RuntimeOptions.builder(services, data.resolve("cache"), plugins)
            .runnerBaseUrl(guestBaseUrl)
            .entryPort(entryPort)
            .defaultMemoryLimitMb(configuration.number(Setting.DEFAULT_MEMORY_LIMIT_MB))
            .lenient(configuration.flag(Setting.LENIENT))
            .watch(configuration.flag(Setting.WATCH))
            .capabilitiesRequired(configuration.text(Setting.CAPABILITIES_DEFAULT).equals("deny"))
            .clock(clock);
    int files = configuration.number(Setting.LOG_FILES);
    if (files > 0) {
      builder.logFiles(
          new LogFileSettings(
              data.resolve("logs"), files, (long) configuration.number(Setting.LOG_FILE_MB) << 20));
    }
    int budget = configuration.number(Setting.GUEST_MEMORY_BUDGET_MB);
    return (budget == 0 ? builder : builder.guestMemoryBudgetMb(budget)).build();
  }

  private static JsonObject view(Configuration configuration) {
    JsonObject view = new JsonObject();
    for (Setting setting : Setting.values()) {
      Configuration.Value value = configuration.value(setting);
      view.put(
          setting.key(), new JsonObject().put("value", value.text()).put("origin", value.origin()));
    }
    return view;
  }
}
