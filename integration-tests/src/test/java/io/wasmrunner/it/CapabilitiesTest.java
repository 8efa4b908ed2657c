package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Services run unmodified, then with the block that wasmrunner suggests, and with no more than
 * that.
 */
final class CapabilitiesTest {
  private static final int ACCESS_DENIED = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void whatIsSuggestedIsEnoughAndWhatIsNotListedIsDenied() throws IOException {
    ServicesFolder services =
        ServicesFolder.in(folder)
            .withOurs("customer_bff", "accounts_business", "orders_adapter", "billing_adapter")
            .withFixture("reacher");
    try (ServerSocket partner = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String listed = "/reacher/call?name=localhost&port=" + partner.getLocalPort();
      String unlisted = "/reacher/connect?address=127.0.0.9&port=9";

      try (Wasmrunner open = Wasmrunner.ready(services)) {
        assertSummary(open);
        Awaitility.await("reacher calls its partner")
            .atMost(PATIENCE)
            .until(() -> errno(open, listed) == 0);
        assertThat(open.service("customer_bff").at("/capabilities/mode").asString())
            .isEqualTo("unrestricted");
        assertThat(Http.get(open.url("/?lang=en")).body()).contains(">unrestricted</span>");
        services.withConfig("customer_bff", restricted(services, open, "customer_bff"));
        services.withConfig("reacher", restricted(services, open, "reacher"));
        assertThat(suggest(1, "nobody", open)).contains("WR-1011", "nobody");
      }
      assertThat(services.config("customer_bff").at("/capabilities/outbound")).isEmpty();
      assertThat(services.config("reacher").at("/capabilities/outbound/0").asString())
          .isEqualTo("localhost:" + partner.getLocalPort());

      try (Wasmrunner closed = Wasmrunner.ready(services)) {
        assertSummary(closed);
        Awaitility.await("reacher calls its partner")
            .atMost(PATIENCE)
            .until(() -> errno(closed, listed) == 0);
        JsonNode bff = closed.service("customer_bff").path("capabilities");
        assertThat(bff.path("mode").asString()).isEqualTo("restricted");
        assertThat(bff.path("denied")).isEmpty();

        assertThat(errno(closed, unlisted)).isEqualTo(ACCESS_DENIED);
        assertThat(errno(closed, "/reacher/connect?address=169.254.169.254&port=80"))
            .isEqualTo(ACCESS_DENIED);
        Awaitility.await("the event")
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(events(closed))
                        .anyMatch(
                            event ->
                                event.startsWith("capability.denied reacher ")
                                    && event.endsWith(
                                        "add to service.json: \"capabilities\":"
                                            + " {\"outbound\": [\"127.0.0.9:9\"]}")));
        assertThat(suggest(0, "reacher", closed))
            .contains("not in it: connect 127.0.0.9:9, refused 1 times")
            .contains("localhost:" + partner.getLocalPort());
      }
    }
  }

  @Test
  void whereTheBlockIsMandatoryAServiceWithoutIsInvalid() throws IOException {
    ServicesFolder services = ServicesFolder.in(folder).withOurs("hello");
    try (Wasmrunner checked =
        Wasmrunner.start(
            folder,
            "validate",
            "--config",
            Files.writeString(
                    folder.resolve("deny.json"), "{\"capabilities\": {\"default\": \"deny\"}}")
                .toString(),
            "--services",
            services.folder().toString())) {
      assertThat(checked.exitStatus()).isEqualTo(9);
      assertThat(checked.output()).contains("WR-2083", "add \"capabilities\": {\"outbound\": []}");
    }
    try (Wasmrunner alone =
        Wasmrunner.start(
            folder,
            "capabilities",
            "suggest",
            "hello",
            "--port",
            Integer.toString(ServicesFolder.freePorts(1)))) {
      assertThat(alone.exitStatus()).isEqualTo(10);
      assertThat(alone.output())
          .contains("WR-1010", "no wasmrunner answers at")
          .doesNotContain("\tat ");
    }
  }

  /** Three calls through the entry point, each within 3 s: interpreted code may need longer. */
  private static void assertSummary(Wasmrunner wasmrunner) {
    wasmrunner.awaitCompiled();
    HttpResponse<String> answer = Http.get(wasmrunner.url("/customers/1/summary"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static int errno(Wasmrunner wasmrunner, String path) {
    return Http.json(wasmrunner.url(path)).path("errno").asInt(-1);
  }

  private static List<String> events(Wasmrunner wasmrunner) {
    return Http.json(wasmrunner.url("/__runner__/api/v1/events/history"))
        .path("events")
        .valueStream()
        .map(
            event ->
                event.path("kind").asString()
                    + " "
                    + event.path("service").asString("")
                    + " "
                    + event.path("message").asString())
        .toList();
  }

  private ObjectNode restricted(ServicesFolder services, Wasmrunner open, String name) {
    ObjectNode config = services.config(name);
    config.setAll((ObjectNode) Http.json("{" + suggest(0, name, open) + "}"));
    return config;
  }

  private String suggest(int expectedStatus, String service, Wasmrunner running) {
    try (Wasmrunner suggest =
        Wasmrunner.start(
            folder,
            "capabilities",
            "suggest",
            service,
            "--port",
            Integer.toString(running.entryPoint().getPort()))) {
      assertThat(suggest.exitStatus()).as(suggest.output()).isEqualTo(expectedStatus);
      return suggest.output();
    }
  }
}
