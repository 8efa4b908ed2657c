package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.proxy.AccessLogOptions.Format;
import io.wasmrunner.proxy.EdgeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeSettingsTest {
  @TempDir private Path folder;

  private Configuration load(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("wasmrunner.json"), json);
    return ConfigurationLoader.load(file, true, Map.of(), Map.of(), Map.of());
  }

  @Test
  void everySettingBelowServerCounts() throws IOException {
    EdgeOptions edge =
        EdgeSettings.of(
            load(
                """
                {"server": {"trusted_proxies": ["10.0.0.0/8", "::1"], "access_log": "json",
                 "access_log_file": "a.log", "access_log_max_mb": 7, "access_log_keep": 2,
                 "server_timing": true, "max_connections": 9, "min_body_rate": 0}}"""));

    assertThat(edge.trustedProxies().networks()).containsExactly("10.0.0.0/8", "::1");
    assertThat(edge.accessLog().format()).isEqualTo(Format.JSON);
    assertThat(edge.accessLog().file().orElseThrow()).hasFileName("a.log");
    assertThat(edge.accessLog().maxBytes()).isEqualTo(7L << 20);
    assertThat(edge.accessLog().kept()).isEqualTo(2);
    assertThat(edge.serverTiming()).isTrue();
    assertThat(edge.maxConnections()).isEqualTo(9);
    assertThat(edge.minBodyRate()).isZero();
  }

  @Test
  void withoutThemNobodyIsTrustedAndNothingIsWritten() throws IOException {
    EdgeOptions edge = EdgeSettings.of(load("{}"));

    assertThat(edge.trustedProxies().networks()).isEmpty();
    assertThat(edge.accessLog().format()).isEqualTo(Format.OFF);
    assertThat(edge.maxConnections()).isEqualTo(EdgeOptions.DEFAULT.maxConnections());
    assertThat(edge.minBodyRate()).isEqualTo(EdgeOptions.DEFAULT.minBodyRate());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"server\": {\"trusted_proxies\": [\"10.0.0.0/99\"]}}",
        "{\"server\": {\"trusted_proxies\": [1]}}",
        "{\"server\": {\"trusted_proxies\": \"proxy.example\"}}",
        "{\"server\": {\"access_log\": \"xml\"}}",
        "{\"server\": {\"max_connections\": 0}}",
        "{\"server\": {\"transport\": \"carrier_pigeon\"}}",
        "{\"server\": {\"tls\": {\"client_auth\": \"perhaps\"}}}"
      })
  void nonsenseIsRefused(String json) {
    assertThatThrownBy(() -> load(json))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("server.");
  }

  @Test
  void certificatesOfClientsNeedAuthorities() throws IOException {
    Configuration configuration = load("{\"server\": {\"tls\": {\"client_auth\": \"require\"}}}");

    assertThatThrownBy(() -> EdgeSettings.clientCertificates(configuration))
        .isInstanceOf(WasmrunnerException.class)
        .hasMessageContaining("server.tls.client_ca_file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "nio", "epoll", "io_uring"})
  void everyTransportWorksOrIsReplaced(String name) throws Exception {
    Vertx vertx = NetworkTransport.vertx(name);
    try {
      if (name.equals("nio")) {
        assertThat(vertx.isNativeTransportEnabled()).isFalse();
      }
      assertThat(
              vertx
                  .createHttpServer()
                  .requestHandler(request -> request.response().end())
                  .listen(0, "127.0.0.1")
                  .toCompletionStage()
                  .toCompletableFuture()
                  .get(60, TimeUnit.SECONDS)
                  .actualPort())
          .isPositive();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }
}
