package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The same services answer the same requests in the same way on every engine: embedded, in a child
 * JVM, and on a foreign one, {@code -Dit.wasirun=} its program.
 */
@Tag("wasirun")
final class EnginesAgreeTest {
  private static final List<String> NAMES =
      List.of("hello", "billing_adapter", "accounts_business");
  private static final List<String> ENGINES = List.of("embedded", "jvm", "wasirun");

  @TempDir Path folder;

  @Test
  void documentedRequestsGetTheSameAnswers() {
    ServicesFolder services = ServicesFolder.in(folder);
    for (String name : NAMES) {
      for (String engine : ENGINES) {
        add(services, name, engine);
      }
    }
    try (Wasmrunner wasmrunner = Wasmrunner.ready(services)) {
      for (String name : NAMES) {
        JsonNode contract =
            Http.json(wasmrunner.url("/__runner__/services/" + name + "-jvm/openapi"));
        List<String> expected = answers(wasmrunner, name + "-embedded", contract);
        assertThat(expected).hasSizeGreaterThan(5);
        for (String engine : ENGINES) {
          assertThat(answers(wasmrunner, name + "-" + engine, contract))
              .as(name + " on " + engine)
              .isEqualTo(expected);
        }
      }
      assertThat(wasmrunner.service("hello-wasirun").at("/runners/0/code").asString())
          .isEqualTo("native");
    }
  }

  private static void add(ServicesFolder services, String name, String engine) {
    String copy = name + "-" + engine;
    services.with(Wasmrunner.root().resolve("services").resolve(name), copy);
    ObjectNode config = services.config(copy);
    config.remove(List.of("$schema", "schedules", "listeners"));
    config.put("prefix", copy);
    config.put("runners", 1);
    switch (engine) {
      case "jvm" -> config.put("launcher", "jvm-process");
      case "wasirun" ->
          config
              .putObject("launcher")
              .put("name", "command")
              .putArray("command")
              .add(System.getProperty("it.wasirun"))
              .add("--sockets")
              .add("auto")
              .add("{env:--env}")
              .add("{module}");
      default -> config.put("launcher", engine);
    }
    services.withConfig(copy, config);
  }

  /** One text per request: what was asked, and what came. */
  private static List<String> answers(Wasmrunner wasmrunner, String prefix, JsonNode contract) {
    Map<String, HttpRequest.Builder> requests = new LinkedHashMap<>();
    for (String path : DocumentedPaths.of(contract)) {
      requests.put("GET " + path, request(wasmrunner, prefix, path));
    }
    for (Map.Entry<String, JsonNode> path : contract.path("paths").properties()) {
      URI uri = wasmrunner.url("/" + prefix + path.getKey().replaceAll("[{}]", ""));
      requests.put("POST " + path.getKey(), Http.request(uri).POST(BodyPublishers.ofString("{}")));
    }
    requests.put("GET unknown", request(wasmrunner, prefix, "/un/kno/wn"));
    requests.put("DELETE", request(wasmrunner, prefix, "/health").DELETE());
    List<String> answers = new ArrayList<>();
    requests.forEach((name, request) -> answers.add(name + ": " + shown(request.build())));
    return answers;
  }

  private static HttpRequest.Builder request(Wasmrunner wasmrunner, String prefix, String path) {
    return Http.request(wasmrunner.url("/" + prefix + path));
  }

  private static String shown(HttpRequest request) {
    HttpResponse<String> answer = Http.send(request);
    return answer.statusCode()
        + " "
        + answer.headers().firstValue("content-type").orElse("no type")
        + " "
        + answer.headers().firstValue("allow").orElse("")
        + " "
        + answer.body().replaceAll("\"port\":\\d+", "\"port\":0");
  }
}
