package io.wasmrunner.dashboard;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.model.ScheduleStatus;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.ServiceStatus;
import io.wasmrunner.model.ServiceType;
import io.wasmrunner.model.SystemEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DashboardPageTest {
  private static TestingDashboard dashboard;

  @BeforeAll
  static void start() {
    dashboard = new TestingDashboard();
    TestingPeers peers = dashboard.peers;
    peers.services.addAll(
        List.of(
            Samples.service(
                "accounts",
                "customer_care",
                ServiceType.BUSINESS,
                15011,
                ServiceState.READY,
                Samples.ready("accounts", 0, 15011)),
            Samples.service(
                "billing",
                "invoicing",
                ServiceType.ADAPTER,
                15021,
                ServiceState.DOWN,
                Samples.crashing(
                    "billing", 0, 15021, ExitCause.MEMORY_LIMIT, "64 MiB are not enough")),
            Samples.service(
                "hello",
                "",
                null,
                15001,
                ServiceState.READY,
                Samples.ready("hello", 0, 15001),
                Samples.ready("hello", 1, 15002)),
            Samples.invalid("loyalty")));
    peers.schedules.add(Samples.schedule("hello", 0, "/hello", false));
    peers.schedules.add(Samples.schedule("accounts", 0, "/paused", true));
    peers.queues.add(Samples.queue("orders.created", 3));
    peers.deliveries.add(
        Samples.delivery("orders.created", DeliveryStatus.State.DEAD, "connection refused"));
    peers.lines.add(Samples.line(1, 0, LogLine.Level.ERROR, "it broke"));
    peers.stats = Samples.traffic("hello");
    peers.traffic = List.of(Samples.struggling("hello"));
    peers.openapi =
        """
        {"openapi":"3.0.3","info":{"title":"Hello","version":"1.4.0"},
         "paths":{"/hello":{"get":{"summary":"Says hello","responses":{"200":{},"503":{}}}}}}""";
    peers.serveAll();
    dashboard.known();
  }

  @AfterAll
  static void stop() {
    dashboard.close();
  }

  /* ---- Content ---- */

  @Test
  void showsWhoIsUnrestrictedWithTheBlockToPaste() {
    String page = dashboard.get("/").body();
    assertThat(page)
        .contains(">unrestricted</span>")
        .contains("&quot;api.example.com:443&quot;")
        .contains("1 target refused")
        .contains("169.254.169.254:80")
        .contains("nothing may reach it");
    assertThat(dashboard.get("/?lang=es").body())
        .contains(">sin restricciones</span>", "1 destino denegado", "pega esto");
  }

  @Test
  void showsProblemsBeforeEverythingElseAndNotFolded() {
    String page = page("/");

    assertThat(page).contains("Something is not working");
    assertThat(page.indexOf("id=\"problems\""))
        .isPositive()
        .isLessThan(page.indexOf("id=\"services\""));
    String problems = between(page, "id=\"problems\"", "id=\"services\"");
    assertThat(problems)
        .doesNotContain("<details")
        .contains("loyalty", "2 violations")
        .contains("WR-2003", "loyalty/config/service.json:4:13 /runners")
        .contains("a whole number of at least 1", "Write &quot;runners&quot;: 1")
        .contains("billing", "Memory limit", "64 MiB are not enough", "Raise memory_limit_mb")
        .contains("in 28 s")
        .contains("orders.created", "3 deliveries were given up");
    assertThat(problems.indexOf("loyalty")).isLessThan(problems.indexOf("billing"));
  }

  @Test
  void groupsServicesByDomainAndType() {
    String services = between(page("/"), "id=\"services\"", "id=\"queues\"");

    assertThat(services)
        .containsSubsequence(
            "Domain Customer Care",
            "Business <",
            "accounts",
            "Domain Invoicing",
            "Adapter <",
            "billing",
            "Without a domain",
            "Other <",
            "hello");
  }

  @Test
  void showsAServiceWithItsRunners() {
    String hello = between(page("/"), "id=\"service-hello\"", "</article>");

    assertThat(hello)
        .contains("href=\"/hello/\"", "http://127.0.0.1:15001", "1.4.0", "sha256:9f2c4e5d7a8b")
        .contains("Online", "2 of 2 runners ready")
        .contains("13.3 MiB", "/ 64 MiB", "21 %", "width=\"21\"")
        .contains("HTTP 200", "2 ms", "3 s ago", "18.2 s", "compiled")
        .contains("/hello", "every 1 min", "in 42 s", "Last HTTP: 202", "18 s ago")
        .contains("action=\"/__runner__/ui/schedules/hello/0/run\"")
        .contains("action=\"/__runner__/ui/schedules/hello/0/pause\"")
        .contains("href=\"/__runner__/ui/services/hello/logs\"")
        .contains("href=\"/__runner__/ui/services/hello/openapi\"");
    assertThat(between(page("/"), "id=\"service-accounts\"", "</article>"))
        .contains("Paused", "/resume\"")
        .doesNotContain("/pause\"");
  }

  @Test
  void showsWhichRunnerIsLeftOutAndThatTheCircuitIsOpen() {
    String hello = between(page("/"), "id=\"service-hello\"", "</article>");

    assertThat(hello)
        .containsOnlyOnce("no requests until")
        .contains("in 20 s", "circuit breaker open", "requests waiting for a free place: 3");
    assertThat(between(page("/"), "id=\"service-accounts\"", "</article>"))
        .doesNotContain("no requests until", "circuit breaker");
  }

  @Test
  void showsQueuesTrafficAndTiles() {
    String page = page("/");

    assertThat(between(page, "id=\"queues\"", "</section>"))
        .contains("href=\"/__runner__/ui/queues/orders.created\"", "1,284", "1,277");
    assertThat(between(page, "id=\"traffic\"", "</section>"))
        .contains("<svg class=\"chart\"", "<rect class=\"s2\"", "<rect class=\"s5\"", "5xx");
    assertThat(between(page, "class=\"tiles\"", "</dl>")).contains("2 of 4", "3 of 4");
  }

  @Test
  void filtersServices() {
    assertThat(page("/?q=HEL")).contains("service-hello").doesNotContain("service-accounts");
    assertThat(page("/?q=customer_care")).contains("service-accounts");
    assertThat(page("/?q=zzz")).contains("No service matches the filter");
  }

  @Test
  void assetsAreOursAndKeptForever() {
    String page = page("/");
    Matcher links = Pattern.compile("(?:src|href)=\"([^\"]+\\.(?:css|js|svg))\"").matcher(page);
    int count = 0;
    while (links.find()) {
      TestingDashboard.Answer asset = dashboard.get(links.group(1));
      assertThat(asset.status()).isEqualTo(200);
      assertThat(asset.header("Cache-Control")).contains("immutable");
      assertThat(asset.bytes().length()).isPositive();
      count++;
    }
    assertThat(count).isGreaterThanOrEqualTo(3);
    assertThat(page)
        .doesNotContain("https://", "style=\"", "onclick", "<style", "<script>", "javascript:");
    assertThat(dashboard.get("/").header("Cache-Control")).isEqualTo("no-store");
    assertThat(dashboard.get("/favicon.ico").header("Content-Type")).isEqualTo("image/svg+xml");
    assertThat(dashboard.get("/__runner__/ui/assets/../messages_en.properties").status())
        .isEqualTo(404);
  }

  @Test
  void marksUpForScreenReaders() {
    String page = page("/");

    assertThat(page)
        .contains("<html lang=\"en\"", "<main id=\"main\"", "href=\"#main\"", "role=\"status\"")
        .containsOnlyOnce("<h1");
    Matcher labelled = Pattern.compile("aria-labelledby=\"([^\"]+)\"").matcher(page);
    while (labelled.find()) {
      assertThat(page).contains("id=\"" + labelled.group(1) + "\"");
    }
    List<String> ids =
        Pattern.compile(" id=\"([^\"]+)\"").matcher(page).results().map(m -> m.group(1)).toList();
    assertThat(ids).doesNotHaveDuplicates();
  }

  /* ---- Forms without JavaScript ---- */

  @Test
  void buttonsWorkWithoutJavaScript() {
    TestingDashboard.Answer answer =
        dashboard.post(
            "/__runner__/ui/schedules/hello/0/pause",
            "",
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Accept",
            "text/html",
            "Origin",
            "http://127.0.0.1:" + dashboard.port());
    assertThat(answer.status()).isEqualTo(303);
    String location = answer.header("Location");
    assertThat(location).startsWith("/?done=pause&").endsWith("#schedule-hello-0");
    String page = page(location.substring(0, location.indexOf('#')));
    assertThat(page).contains("id=\"notice\">hello /hello: paused.");
    assertThat(page).contains("/__runner__/ui/schedules/hello/0/resume");

    dashboard.post("/__runner__/ui/schedules/hello/0/resume", "");
    String ran = dashboard.post("/__runner__/ui/schedules/hello/0/run", "").header("Location");
    assertThat(page(ran.substring(0, ran.indexOf('#')))).contains("Last HTTP: 202");
  }

  @Test
  void aFailedButtonShowsAPageThatSaysWhatToDo() {
    TestingDashboard.Answer answer =
        dashboard.post("/__runner__/ui/schedules/hello/9/run", "", "Accept", "text/html");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.body()).contains("WR-4301", "no such schedule", "Look at the list.");
  }

  @Test
  void noticesCannotBeForged() {
    assertThat(page("/?done=run&service=%3Cb%3E&index=0")).doesNotContain("id=\"notice\"");
    assertThat(page("/?done=boom&service=hello&index=0")).doesNotContain("id=\"notice\"");
  }

  /* ---- Other pages ---- */

  @Test
  void showsTheLogWithItsFilters() {
    String page = page("/__runner__/ui/services/hello/logs?level=warn&q=bro&runner=1&tail=50");

    assertThat(page)
        .contains("it broke", "ERROR", "08:28:21")
        .contains("value=\"warn\" selected", "value=\"bro\"", "value=\"1\" selected")
        .contains("value=\"50\" selected");
    assertThat(dashboard.peers.logQueries.get(dashboard.peers.logQueries.size() - 1).text())
        .isEqualTo("bro");
    assertThat(dashboard.get("/__runner__/ui/services/none/logs", "Accept", "text/html").status())
        .isEqualTo(404);
  }

  @Test
  void showsDeliveriesWithAttemptsAndErrors() {
    String page = page("/__runner__/ui/queues/orders.created?state=dead");

    assertThat(page)
        .contains("01JDC4Y8M2Q7R5T9V3W6X0Z1A2", "billing /queues/orders", "connection refused")
        .contains(">8<", "value=\"dead\" selected");
  }

  @Test
  void showsTheContract() {
    assertThat(page("/__runner__/ui/services/hello/openapi"))
        .contains("Hello 1.4.0", "GET", "/hello", "Says hello", "200 503");
  }

  /* ---- Language and theme ---- */

  @Test
  void speaksTheLanguageOfTheVisitor() {
    assertThat(dashboard.get("/", "Accept-Language", "es-MX,es;q=0.9,en;q=0.5").body())
        .contains(
            "<html lang=\"es\"", "Algo no funciona", "Fuera de servicio", "hace 3 s", "compilado")
        .contains("13,3 MiB");
    assertThat(dashboard.get("/", "Accept-Language", "fr,en;q=0.5").body())
        .contains("<html lang=\"en\"");
    for (String odd : List.of("fr", "*", ";;;q=zz", "es;q=0", "es;q=abc,,,", "en;q=0.9,fr")) {
      assertThat(dashboard.get("/", "Accept-Language", odd).body())
          .as(odd)
          .contains("<html lang=\"en\"");
    }
    assertThat(dashboard.get("/", "Accept-Language", "en;q=0.3, ES-mx;q=0.31").body())
        .contains("<html lang=\"es\"");
  }

  @Test
  void remembersLanguageAndTheme() {
    TestingDashboard.Answer chosen = dashboard.get("/?lang=es&theme=dark", "Accept-Language", "en");
    assertThat(chosen.body()).contains("<html lang=\"es\" data-theme=\"dark\"");
    List<String> cookies = chosen.headers().getAll("Set-Cookie");
    assertThat(cookies)
        .hasSize(2)
        .allSatisfy(cookie -> assertThat(cookie).contains("HTTPOnly", "SameSite=Strict", "Path=/"));
    String back = cookies.stream().map(c -> c.substring(0, c.indexOf(';'))).collect(joining("; "));

    assertThat(dashboard.get("/", "Cookie", back, "Accept-Language", "en").body())
        .contains("<html lang=\"es\" data-theme=\"dark\"");
    assertThat(
            dashboard
                .get("/?lang=xx&theme=%22%3E", "Cookie", "wasmrunner_lang=zz; wasmrunner_theme=\">")
                .body())
        .contains("<html lang=\"en\" data-theme=\"auto\"");
  }

  @Test
  void saysWhatAboutAModuleCostsSpeed() {
    try (TestingDashboard hinted = new TestingDashboard()) {
      ServiceStatus plain =
          Samples.service("slow", "", ServiceType.ADAPTER, 15009, ServiceState.READY);
      hinted.peers.services.add(
          new ServiceStatus(
              plain.name(),
              plain.state(),
              plain.definition(),
              plain.digest(),
              plain.runners(),
              plain.capabilities(),
              List.of(),
              List.of(new ModuleHint("huge_functions", 2, List.of("run (9001)", "f (8001)")))));
      hinted.peers.serveAll();
      hinted.known();

      assertThat(between(hinted.get("/").body(), "id=\"service-slow\"", "</article>"))
          .contains("2 functions are larger than the JIT compiles", "run (9001), f (8001)");
      assertThat(hinted.get("/", "Accept-Language", "es").body())
          .contains("2 funciones superan el tamaño que el JIT compila");
      assertThat(hinted.get("/__runner__/api/v1/services/slow").body())
          .contains(
              "\"hints\":[{\"kind\":\"huge_functions\",\"count\":2,\"places\":[\"run (9001)\"");
    }
  }

  @Test
  void saysWhereTrafficAndContractDiffer() {
    try (TestingDashboard drifting = new TestingDashboard()) {
      drifting.peers.services.add(
          Samples.service("shop", "", ServiceType.ADAPTER, 15009, ServiceState.READY));
      drifting.peers.contracts =
          Map.of(
              "shop",
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
      drifting.peers.serveAll();
      drifting.known();

      assertThat(between(drifting.get("/").body(), "id=\"service-shop\"", "</article>"))
          .contains(
              "1 difference from the traffic",
              "Undocumented path",
              "GET /nowhere/{id}",
              "2 more times something else");
      assertThat(drifting.get("/", "Accept-Language", "es").body())
          .contains("1 diferencia con el tráfico", "Ruta no documentada");
      assertThat(drifting.get("/__runner__/api/v1/services/shop/contract").body())
          .contains("\"kind\":\"PATH\"", "\"omitted\":2");
    }
  }

  /* ---- Empty ---- */

  @Test
  void saysWhereToPutServicesWhenThereAreNone() {
    try (TestingDashboard empty = new TestingDashboard()) {
      assertThat(empty.get("/").body()).contains("Waiting for the services");
      empty.peers.serveAll();
      empty.known();
      assertThat(empty.get("/").body())
          .contains("No services are loaded right now.", "services/hello/config/service.json");
      assertThat(empty.get("/", "Accept-Language", "es").body())
          .contains(
              "No hay servicios cargados actualmente.",
              "Aún no se han instanciado colas.",
              "Sin respuestas en la última hora.",
              "Aún no ha pasado nada.");
    }
  }

  /* ---- Hostile input ---- */

  @Test
  void escapesWhateverModulesAndUsersBring() {
    String evil = "<script>alert(1)</script>\"'`&\u202egnp\u001b[31mred\u0000";
    try (TestingDashboard hostile = new TestingDashboard()) {
      TestingPeers peers = hostile.peers;
      peers.services.add(
          new ServiceStatus(
              evil,
              ServiceState.READY,
              Optional.of(Samples.definition(evil, evil + "/x", evil, ServiceType.BFF, 15001, 1)),
              Optional.of(evil),
              List.of(Samples.crashing(evil, 0, 15001, ExitCause.TRAP, evil)),
              Samples.refused(evil),
              Samples.invalid(evil).violations(),
              List.of(
                  new ModuleHint("huge_functions", 1, List.of(evil)),
                  new ModuleHint(evil, 1, List.of()))));
      peers.services.add(Samples.invalid(evil + "2"));
      peers.schedules.add(
          new ScheduleStatus(
              evil,
              0,
              evil,
              Duration.ofSeconds(5),
              false,
              Optional.empty(),
              Optional.of(new ScheduleStatus.RunResult(Samples.NOW, Duration.ZERO, 0, evil, 1)),
              false));
      peers.queues.add(Samples.queue(evil, 1));
      peers.deliveries.add(Samples.delivery(evil, DeliveryStatus.State.DEAD, evil));
      peers.lines.add(Samples.line(1, 0, LogLine.Level.INFO, evil));
      peers.openapi =
          "{\"info\":{\"title\":\"<script>alert(1)</script>\"},\"paths\":{\"/<script>alert(1)</script>\":"
              + "{\"get\":{\"summary\":\"<script>alert(1)</script>\"}}}}";
      peers.serveAll();
      hostile.known();
      hostile
          .peers
          .bus()
          .announce(
              new SystemEvent(
                  Samples.NOW,
                  SystemEvent.Severity.ERROR,
                  evil,
                  Optional.of(evil),
                  Optional.empty(),
                  evil));
      Awaitility.await()
          .until(() -> hostile.get("/__runner__/api/v1/events/history").body().length() > 40);

      String service = "/__runner__/ui/services/" + Paths.encode(evil);
      for (String path :
          List.of(
              "/",
              "/?q=" + Paths.encode("\"><script>alert(1)</script>"),
              service + "/logs?q=" + Paths.encode(evil),
              service + "/openapi",
              "/__runner__/ui/services/" + Paths.encode("<script>alert(1)</script>") + "/logs")) {
        TestingDashboard.Answer answer = hostile.get(path, "Accept", "text/html");
        String page = answer.body();
        assertThat(answer.header("Content-Type")).as(path).isEqualTo("text/html; charset=utf-8");
        assertThat(page).as(path).contains("&lt;script&gt;").doesNotContain("<script>");
        assertThat(page).as(path).doesNotContain("\u202e", "\u001b", "\u0000", "[31m");
        // Nothing of it got out of an attribute.
        assertThat(page).as(path).doesNotContain("alert(1)</script>\"");
      }
    }
  }

  private static String page(String path) {
    TestingDashboard.Answer answer =
        dashboard.get(path, "Accept", "text/html", "Accept-Language", "en");
    assertThat(answer.status()).as(path).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    return answer.body();
  }

  private static String between(String text, String from, String to) {
    int start = text.indexOf(from);
    assertThat(start).as(from).isNotNegative();
    int end = text.indexOf(to, start);
    assertThat(end).as(to).isNotNegative();
    return text.substring(start, end);
  }
}
