package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.proxy.AccessLogOptions;
import io.wasmrunner.proxy.ClientCertificates;
import io.wasmrunner.proxy.EdgeOptions;
import io.wasmrunner.proxy.TrustedProxies;
import java.util.Locale;
import java.util.Optional;

/** Turns the settings below {@code server} into options of the entry point. */
final class EdgeSettings {
  private EdgeSettings() {}

  static EdgeOptions of(Configuration configuration) {
    return EdgeOptions.DEFAULT
        .withTrustedProxies(
            new TrustedProxies(Setting.Kind.networks(configuration.text(Setting.TRUSTED_PROXIES))))
        .withAccessLog(accessLog(configuration))
        .withServerTiming(configuration.flag(Setting.SERVER_TIMING))
        .withMaxConnections(configuration.number(Setting.MAX_CONNECTIONS))
        .withMinBodyRate(configuration.number(Setting.MIN_BODY_RATE));
  }

  private static AccessLogOptions accessLog(Configuration configuration) {
    return new AccessLogOptions(
        AccessLogOptions.Format.valueOf(
            configuration.text(Setting.ACCESS_LOG).toUpperCase(Locale.ROOT)),
        configuration.text(Setting.ACCESS_LOG_FILE).isBlank()
            ? Optional.empty()
            : Optional.of(configuration.path(Setting.ACCESS_LOG_FILE)),
        (long) configuration.number(Setting.ACCESS_LOG_MAX_MB) << 20,
        configuration.number(Setting.ACCESS_LOG_KEEP));
  }

  /** How clients prove who they are, if they are asked to. */
  static Optional<ClientCertificates> clientCertificates(Configuration configuration) {
    String demand = configuration.text(Setting.TLS_CLIENT_AUTH);
    if (demand.equals("none")) {
      return Optional.empty();
    }
    if (configuration.text(Setting.TLS_CLIENT_CA_FILE).isBlank()) {
      throw new WasmrunnerException(
          "WR-1002",
          "server.tls.client_auth is " + demand + " without server.tls.client_ca_file",
          "Name the PEM file with the authorities whose certificates clients may show.");
    }
    return Optional.of(
        new ClientCertificates(
            demand.equals("require"),
            configuration.path(Setting.TLS_CLIENT_CA_FILE),
            configuration.flag(Setting.TLS_CLIENT_SUBJECT_HEADER)));
  }
}
