package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.CompressionPolicy;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.Resilience;
import io.wasmrunner.model.Retries;
import io.wasmrunner.model.Route;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.TrafficSettings;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a service asks for and vertx-web-proxy does not do is said aloud. */
final class IgnoredSettingsTest {
  private static final TrafficSettings ASKING =
      TrafficSettings.DEFAULT
          .withResilience(Resilience.DEFAULT.withRetries(Retries.DEFAULT))
          .withPolicies(Policies.DEFAULT.withCompression(CompressionPolicy.DEFAULT));

  private static List<SystemEvent> told(TestingProxy proxy) {
    return proxy.runtime().events().stream()
        .filter(event -> event.kind().equals("service.settings_ignored"))
        .toList();
  }

  @Test
  void vertxWebProxyTellsWhatItDoesNotDoAtEachChange() {
    try (TestingProxy proxy =
        TestingProxy.start(options -> options.withForwarder(ForwarderKind.VERTX_WEB_PROXY))) {
      Route plain = TestingRuntime.route("shop", 1);
      proxy.runtime().serve(TestingRuntime.route("plain", 1), plain);
      proxy.runtime().serve(TestingRuntime.with(plain, ASKING));
      Awaitility.await().until(() -> !told(proxy).isEmpty());

      assertThat(told(proxy))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.service()).contains("shop");
                assertThat(event.message()).startsWith("WR-3404").endsWith("retries, compression");
              });

      // Runners that come and go change no settings; the next change tells what is left.
      proxy.runtime().serve(TestingRuntime.with(TestingRuntime.route("shop", 1, 2), ASKING));
      proxy
          .runtime()
          .serve(
              TestingRuntime.with(
                  plain, TrafficSettings.DEFAULT.withResilience(ASKING.resilience())));
      Awaitility.await().until(() -> told(proxy).size() > 1);
      assertThat(told(proxy)).hasSize(2);
      assertThat(told(proxy).get(1).message()).endsWith(": retries");
    }
  }

  @Test
  void theForwarderOfOurOwnDoesItAll() {
    try (TestingProxy proxy = TestingProxy.start()) {
      proxy.runtime().serve(TestingRuntime.with(TestingRuntime.route("shop", 1), ASKING));

      // Events come in order: one that is told later is there.
      proxy.runner(
          "broken",
          Policies.DEFAULT.withContract(
              io.wasmrunner.model.ContractPolicy.watching("no openapi.json")),
          request -> request.response().end());
      Awaitility.await()
          .until(
              () ->
                  proxy.runtime().events().stream()
                      .anyMatch(event -> event.kind().equals("contract.unusable")));
      assertThat(told(proxy)).isEmpty();
    }
  }
}
