package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** All our services together: the story that the README tells. */
final class MainJobTest {
  @TempDir static Path folder;
  private static Wasmrunner wasmrunner;

  @BeforeAll
  static void start() {
    ServicesFolder services =
        ServicesFolder.in(folder)
            .withOurs(
                "hello", "customer_bff", "accounts_business", "orders_adapter", "billing_adapter");
    wasmrunner = Wasmrunner.ready(services);
    wasmrunner.awaitCompiled();
  }

  @AfterAll
  static void stop() {
    wasmrunner.close();
  }

  @Test
  void twoCallsReachTwoRunners() {
    TreeMap<String, Long> runners =
        IntStream.range(0, 10)
            .mapToObj(i -> Http.get(wasmrunner.url("/hello/hello")))
            .peek(answer -> assertThat(answer.statusCode()).isEqualTo(200))
            .map(answer -> answer.headers().firstValue("X-Wasmrunner-Runner").orElse("none"))
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));

    assertThat(runners).containsOnly(Map.entry("hello/0", 5L), Map.entry("hello/1", 5L));
  }

  @Test
  void guestsKnowTheirPlace() {
    JsonNode service = wasmrunner.service("hello");
    HttpResponse<String> answer = Http.get(wasmrunner.url("/hello/hello"));
    int index =
        Integer.parseInt(
            answer.headers().firstValue("X-Wasmrunner-Runner").orElseThrow().replace("hello/", ""));

    assertThat(Http.json(answer.body()).findValue("runner").asInt()).isEqualTo(index);
    assertThat(answer.body()).contains(service.path("runners").path(index).path("port").asString());
  }

  @Test
  void aFrontEndGetsOneAnswerMadeOfThreeServices() {
    HttpResponse<String> answer = Http.get(wasmrunner.url("/customers/1/summary"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("account").contains("orders");
  }

  @Test
  void anEventTravelsFromOneServiceThroughAQueueToAnother() {
    Http.post(wasmrunner.url("/__runner__/services/orders_adapter/schedules/0/run"), "");

    Awaitility.await("an invoice for the order")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(Http.get(wasmrunner.url("/billing/invoices")).body())
                    .contains("order_id"));
    assertThat(Http.json(wasmrunner.url("/__runner__/api/v1/queues")).toString())
        .contains("orders.created");
  }

  @Test
  void methodsHeadersQueriesAndBodiesPass() {
    HttpRequest wrongMethod =
        Http.request(wasmrunner.url("/hello/hello?x=%2F"))
            .method("DELETE", HttpRequest.BodyPublishers.noBody())
            .build();

    assertThat(Http.send(wrongMethod).statusCode()).isEqualTo(405);
  }

  @Test
  void wrongPathsAreExplained() {
    HttpResponse<String> answer = Http.get(wasmrunner.url("/nobody/here"));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("hello").contains("billing");
    assertThat(Http.get(wasmrunner.url("/hellox/hello")).statusCode()).isEqualTo(404);
  }

  @Test
  void everyDocumentedPathAnswers() {
    for (JsonNode service :
        Http.json(wasmrunner.url("/__runner__/api/v1/services")).path("services")) {
      String name = service.path("name").asString();
      DocumentedPaths.of(Http.json(wasmrunner.url("/__runner__/services/" + name + "/openapi")))
          .forEach(
              path -> {
                String url = "/" + service.path("definition").path("prefix").asString() + path;
                HttpResponse<String> answer = Http.get(wasmrunner.url(url));
                assertThat(answer.statusCode()).as(url + " " + answer.body()).isLessThan(500);
                assertThat(answer.headers().firstValue("X-Wasmrunner-Runner")).as(url).isPresent();
              });
    }
  }
}
