package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.bus.DeliveriesQuery;
import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.ServiceType;
import io.wasmrunner.model.SystemEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManagementApiTest {
  private static final String API = "/__runner__/api/v1";
  private static final Map<String, String> PLACES =
      Map.of("{name}", "orders", "{service}", "orders", "{index}", "0", "{queue}", "a%2Fb");

  private static TestingDashboard dashboard;

  private static final ServiceStatus ORDERS =
      Samples.service(
          "orders",
          "ecommerce",
          ServiceType.ADAPTER,
          15001,
          ServiceState.DEGRADED,
          Samples.ready("orders", 0, 15001),
          Samples.crashing("orders", 1, 15002, ExitCause.MEMORY_LIMIT, "64 MiB"));

  @BeforeAll
  static void start() {
    dashboard = new TestingDashboard();
    dashboard.peers.services.add(ORDERS);
    dashboard.peers.services.add(Samples.invalid("wrong"));
    dashboard.peers.schedules.add(Samples.schedule("orders", 0, "/pull", false));
    dashboard.peers.queues.add(Samples.queue("a/b", 1));
    dashboard.peers.queues.add(Samples.queue("a/deliveries", 0));
    dashboard.peers.deliveries.add(Samples.delivery("a/b", DeliveryStatus.State.DEAD, "refused"));
    dashboard.peers.lines.add(Samples.line(1, 0, LogLine.Level.INFO, "hello"));
    dashboard.peers.traffic = List.of(Samples.struggling("hello"));
    dashboard.peers.contracts =
        Map.of(
            "orders",
            new ContractReport(
                true,
                Optional.empty(),
                List.of(
                    new ContractReport.Finding(
                        ContractReport.Kind.PATH,
                        "GET",
                        "/nowhere/{id}",
                        0,
                        "",
                        "a path of the contract",
                        3,
                        Samples.NOW,
                        Samples.NOW)),
                2));
    dashboard.peers.serveAll();
    dashboard.known();
    dashboard
        .peers
        .bus()
        .announce(
            new SystemEvent(
                Samples.NOW,
                SystemEvent.Severity.WARNING,
                "runner.exited",
                Optional.of("orders"),
                Optional.of(1),
                "memory limit"));
    Awaitility.await().until(() -> !json("/events/history").getJsonArray("events").isEmpty());
  }

  @BeforeEach
  void forget() {
    dashboard.peers.logQueries.clear();
    dashboard.peers.deliveryQueries.clear();
  }

  @AfterAll
  static void stop() {
    dashboard.close();
  }

  /* ---- The description ---- */

  @Test
  void everyDocumentedPathAnswersAsDocumented() {
    JsonObject document = json("/openapi.json");
    SchemaCheck check = new SchemaCheck(document);
    assertThat(document.getJsonObject("info").getString("version")).isEqualTo("1.2.3");

    for (String path : document.getJsonObject("paths").fieldNames()) {
      JsonObject item = document.getJsonObject("paths").getJsonObject(path);
      String method = item.containsKey("get") ? "get" : "post";
      TestingDashboard.Answer answer =
          method.equals("get")
              ? dashboard.get(API + real(path))
              : dashboard.post(API + real(path), path.endsWith("/scale") ? "{\"runners\":2}" : "");
      JsonObject responses = item.getJsonObject(method).getJsonObject("responses");
      String success = responses.containsKey("200") ? "200" : "202";
      assertThat(answer.status()).as(path).isEqualTo(Integer.parseInt(success));
      if (path.endsWith("/download")) {
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        continue;
      }
      JsonObject schema =
          responses
              .getJsonObject(success)
              .getJsonObject("content")
              .getJsonObject("application/json")
              .getJsonObject("schema");
      assertThat(answer.header("Content-Type")).as(path).isEqualTo("application/json");
      assertThat(check.violations(schema, answer.json())).as(path).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "restart | {\"runner\": -1} | runner",
        "restart | {\"runner\": \"0\"} | runner",
        "restart | {\"rummer\": 0} | rummer",
        "restart | [1] | JSON object",
        "restart | { | JSON object",
        "reload | {\"runner\": 0} | no such key",
        "scale | {} | runners",
        "scale | {\"runners\": 1.5} | runners",
      })
  void aCommandThatMakesNoSenseIsRefused(String action, String body, String why) {
    TestingDashboard.Answer answer = dashboard.post(API + "/services/hello/" + action, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains(why);
  }

  @Test
  void aReloadMayBeOfAServiceThatIsNotKnownYet() {
    assertThat(dashboard.post(API + "/services/newcomer/reload", "").status()).isEqualTo(202);
    assertThat(dashboard.post(API + "/services/newcomer/restart", "").status()).isEqualTo(404);
  }

  @Test
  void everyDocumentedFilterIsRead() {
    JsonObject paths = json("/openapi.json").getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject get = paths.getJsonObject(path).getJsonObject("get", new JsonObject());
      for (Object each : get.getJsonArray("parameters", new JsonArray())) {
        JsonObject parameter = (JsonObject) each;
        JsonObject schema = parameter.getJsonObject("schema");
        boolean anyTextWillDo =
            schema.getString("type").equals("string") && !schema.containsKey("enum");
        boolean endless = parameter.getString("name").equals("follow");
        if (parameter.getString("in").equals("query") && !anyTextWillDo && !endless) {
          String query = real(path) + "?" + parameter.getString("name") + "=";
          assertThat(dashboard.get(API + query + "nonsense").status()).as(query).isEqualTo(400);
          if (schema.containsKey("maximum")) {
            long most = schema.getLong("maximum");
            assertThat(dashboard.get(API + query + most).status()).as(query).isEqualTo(200);
            assertThat(dashboard.get(API + query + (most + 1)).status()).as(query).isEqualTo(400);
          } else {
            for (Object value : schema.getJsonArray("enum")) {
              assertThat(dashboard.get(API + query + value).status()).as(query).isEqualTo(200);
            }
          }
        }
      }
    }
  }

  @Test
  void everyPathIsDocumented() {
    Set<String> routed = new TreeSet<>();
    for (var route : dashboard.router().getRoutes()) {
      String path = String.valueOf(route.getPath());
      if (path.startsWith(API + "/")) {
        routed.add(path.substring(API.length()));
      }
    }
    Set<String> documented = new TreeSet<>();
    for (String path : json("/openapi.json").getJsonObject("paths").fieldNames()) {
      documented.add(
          path.replaceAll("/queues/\\{queue}.*", "/queues/")
              .replaceAll("/(pause|resume|run)$", "/:action")
              .replaceAll("\\{(\\w+)}", ":$1"));
    }
    assertThat(routed).isEqualTo(documented);
  }

  @Test
  void everyErrorIsAProblemAsDocumented() {
    JsonObject schema = new JsonObject().put("$ref", "#/components/schemas/Problem");
    SchemaCheck check = new SchemaCheck(json("/openapi.json"));
    for (String path :
        List.of("/nothing", "/services/none", "/queues/none", "/services/orders/logs?tail=0")) {
      TestingDashboard.Answer answer = dashboard.get(API + path);
      assertThat(answer.header("Content-Type")).as(path).isEqualTo("application/problem+json");
      assertThat(check.violations(schema, answer.json())).as(path).isEmpty();
      assertThat(answer.json().getInteger("status")).isEqualTo(answer.status());
      assertThat(answer.json().getString("fix")).isNotEmpty();
    }
  }

  /* ---- Routing ---- */

  @Test
  void explainsWhereARequestWouldGo() {
    JsonObject explained = json("/explain?method=POST&path=%2Forders%2F1%3Fa%3Db");

    assertThat(explained.getString("forwarded_target")).isEqualTo("POST /orders/1?a=b");
    assertThat(explained.getJsonArray("decisions").getJsonObject(0).getString("topic"))
        .isEqualTo("route");
    assertThat(json("/refusals").getJsonArray("requests").getJsonObject(0).getString("code"))
        .isEqualTo("WR-3101");
  }

  /* ---- Services ---- */

  @Test
  void tellsAllAboutAService() {
    JsonObject service = json("/services/orders");

    assertThat(service.getString("state")).isEqualTo("DEGRADED");
    JsonObject ready = service.getJsonArray("runners").getJsonObject(0);
    assertThat(ready.getString("url")).isEqualTo("http://127.0.0.1:15001");
    assertThat(ready.getLong("memory_bytes")).isEqualTo(13 * Samples.MIB + 300_000);
    assertThat(ready.getJsonObject("last_probe").getBoolean("healthy")).isTrue();
    JsonObject crashed = service.getJsonArray("runners").getJsonObject(1);
    assertThat(crashed.getJsonObject("last_exit").getString("cause")).isEqualTo("memory_limit");
    JsonObject violation = json("/services/wrong").getJsonArray("violations").getJsonObject(0);
    assertThat(violation.getString("fix")).contains("\"runners\": 1");
    assertThat(violation.getInteger("line")).isEqualTo(4);
  }

  @Test
  void neverShowsValuesOfTheEnvironment() {
    assertThat(json("/services/orders").getJsonObject("definition").getJsonArray("env_names"))
        .containsExactly("API_TOKEN");
    for (String path : List.of(API + "/services", "/", "/__runner__/metrics")) {
      assertThat(dashboard.get(path).body()).doesNotContain("very-secret-value");
    }
  }

  @Test
  void seesAChangeWithinASecond() {
    dashboard.peers.change(
        Samples.service(
            "orders",
            "ecommerce",
            ServiceType.ADAPTER,
            15001,
            ServiceState.READY,
            Samples.ready("orders", 0, 15001)));
    awaitState("READY");

    dashboard.peers.change(ORDERS);
    awaitState("DEGRADED");
  }

  @Test
  void passesTheFiltersOfTheLogOn() {
    dashboard.get(API + "/services/orders/logs?runner=1&level=warn&q=a%20b&tail=7&after=99");

    LogsQuery query = dashboard.peers.logQueries.get(0);
    assertThat(query)
        .isEqualTo(
            new LogsQuery("orders", Optional.of(1), Optional.of(LogLine.Level.WARN), "a b", 99, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"runner=x", "runner=-1", "level=loud", "tail=0", "tail=1001", "after=1e3"})
  void refusesAFilterThatMakesNoSense(String query) {
    TestingDashboard.Answer answer = dashboard.get(API + "/services/orders/logs?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getString("code")).isEqualTo("WR-5008");
    assertThat(dashboard.peers.logQueries).isEmpty();
  }

  /* ---- Schedules ---- */

  @Test
  void tellsWhoIsEjectedAndWhoseCircuitIsOpen() {
    JsonObject service = json("/traffic").getJsonArray("services").getJsonObject(0);

    assertThat(service.getString("circuit")).isEqualTo("OPEN");
    assertThat(service.getInteger("waiting")).isEqualTo(3);
    JsonObject ejected = service.getJsonArray("runners").getJsonObject(1);
    assertThat(ejected.getString("ejected_until")).isEqualTo("2026-11-23T08:30:20Z");
    assertThat(service.getJsonArray("runners").getJsonObject(0).getString("ejected_until"))
        .isNull();
  }

  @Test
  void pausesAndResumesAndTellsWhoAskedForIt() {
    assertThat(dashboard.post(API + "/schedules/orders/0/pause", "").json().getBoolean("paused"))
        .isTrue();
    assertThat(scheduleInList().getBoolean("paused")).isTrue();
    assertThat(dashboard.post(API + "/schedules/orders/0/resume", "").json().getBoolean("paused"))
        .isFalse();
    assertThat(scheduleInList().getBoolean("paused")).isFalse();
    dashboard.post(API + "/schedules/orders/0/run", "");

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(json("/events/history?limit=3").getJsonArray("events"))
                    .extracting(event -> ((JsonObject) event).getString("kind"))
                    .containsExactly(
                        "schedule.run_requested", "schedule.resumed", "schedule.paused"));
    assertThat(
            json("/events/history?limit=1")
                .getJsonArray("events")
                .getJsonObject(0)
                .getString("message"))
        .contains("orders/0", "127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "/schedules/none/0/pause,404,WR-2041",
    "/schedules/orders/9/pause,404,WR-4301",
    "/schedules/orders/x/pause,400,WR-5007",
    "/schedules/orders/-1/run,400,WR-5007",
    "/schedules/orders/0/explode,404,WR-5003"
  })
  void refusesWhatIsNotThere(String path, int status, String code) {
    TestingDashboard.Answer answer = dashboard.post(API + path, "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().getString("code")).isEqualTo(code);
  }

  @Test
  void readingMustNotChangeAnything() {
    TestingDashboard.Answer answer = dashboard.get(API + "/schedules/orders/0/pause");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("POST");
    assertThat(scheduleInList().getBoolean("paused")).isFalse();
  }

  /* ---- Queues ---- */

  @ParameterizedTest
  @CsvSource({"/queues/a/b,a/b", "/queues/a%2Fb,a/b", "/queues/a%2Fdeliveries,a/deliveries"})
  void findsQueuesWhoseNamesHoldSlashes(String path, String name) {
    assertThat(json(path).getString("name")).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/queues/a/b/deliveries", "/queues/a%2Fb/deliveries"})
  void listsDeliveries(String path) {
    JsonObject delivery =
        json(path + "?state=dead&limit=5").getJsonArray("deliveries").getJsonObject(0);

    assertThat(delivery.getString("last_error")).isEqualTo("refused");
    assertThat(dashboard.peers.deliveryQueries.get(0))
        .isEqualTo(new DeliveriesQuery("a/b", Optional.of(DeliveryStatus.State.DEAD), 5));
  }

  @Test
  void brokenEncodingIsTheCallersFault() {
    for (String path : List.of("/queues/%zz", "/queues/%ff", "/queues/a%2")) {
      TestingDashboard.Answer answer = dashboard.get(API + path);
      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
  }

  /* ---- The rest ---- */

  @Test
  void filtersEventsBySeverity() {
    assertThat(json("/events/history?severity=error").getJsonArray("events")).isEmpty();
    assertThat(json("/events/history?severity=warning").getJsonArray("events"))
        .extracting(event -> ((JsonObject) event).getString("kind"))
        .containsExactly("runner.exited");
  }

  @Test
  void listsPluginsAndConfiguration() {
    assertThat(
            json("/plugins")
                .getJsonArray("plugins")
                .getJsonObject(0)
                .getJsonArray("load_balancing_strategies"))
        .containsExactly("round-robin");
    assertThat(json("/config").getJsonObject("port").getInteger("value")).isEqualTo(14_000);
  }

  private static void awaitState(String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> json("/services/orders").getString("state").equals(state));
  }

  private static JsonObject scheduleInList() {
    return json("/schedules").getJsonArray("schedules").getJsonObject(0);
  }

  private static JsonObject json(String path) {
    TestingDashboard.Answer answer = dashboard.get(API + path);
    assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static String real(String path) {
    String real = path;
    for (Map.Entry<String, String> place : PLACES.entrySet()) {
      real = real.replace(place.getKey(), place.getValue());
    }
    return real;
  }
}
