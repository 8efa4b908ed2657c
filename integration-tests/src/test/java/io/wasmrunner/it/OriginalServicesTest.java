package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The prebuilt services of the Rust original, unmodified. They have no licence and are not part of
 * this project: {@code -Dit.rustrunner=<its services folder>} names a copy.
 */
@EnabledIfSystemProperty(named = "it.rustrunner", matches = ".+")
final class OriginalServicesTest {
  private static final String[] NAMES = {
    "atencion_cliente_bff",
    "atencion_cuenta_business",
    "facturacion_sap_adapter",
    "shopify_orders_adapter"
  };

  @TempDir Path folder;

  @Test
  void allFourServeEveryDocumentedPathAndTheirEventArrives() {
    ServicesFolder services = ServicesFolder.in(folder);
    for (String name : NAMES) {
      services.with(Path.of(System.getProperty("it.rustrunner")).resolve(name), name);
    }
    try (Wasmrunner wasmrunner = Wasmrunner.ready(services)) {
      wasmrunner.awaitCompiled();
      for (String name : NAMES) {
        String prefix = wasmrunner.service(name).at("/definition/prefix").asString();
        for (String path :
            DocumentedPaths.of(
                Http.json(wasmrunner.url("/__runner__/services/" + name + "/openapi")))) {
          // Its made-up shop knows three orders; its contract has no example of one.
          String known = path.startsWith("/shopify/orders/") ? "/shopify/orders/1001" : path;
          HttpResponse<String> answer = Http.get(wasmrunner.url("/" + prefix + known));
          assertThat(answer.statusCode() / 100).as(prefix + known + answer.body()).isEqualTo(2);
        }
        assertThat(Http.get(wasmrunner.url("/" + prefix + "/health")).body()).contains("ok");
      }
      assertThat(
              Http.post(
                      wasmrunner.url(
                          "/__runner__/services/atencion_cuenta_business/schedules/0/run"),
                      "")
                  .body())
          .contains("Último HTTP: 202");
      Awaitility.await("the event reaches sap-adapter")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(
                          Http.json(
                                  wasmrunner.url("/__runner__/api/v1/queues/clientes.actualizado"))
                              .path("delivered")
                              .asInt())
                      .isPositive());
    }
  }
}
