package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.wasmrunner.model.ServiceState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestGuardTest {
  private static TestingDashboard dashboard;

  @BeforeAll
  static void start() {
    dashboard = new TestingDashboard();
    dashboard.peers.services.add(
        Samples.service(
            "hello", "", null, 15001, ServiceState.READY, Samples.ready("hello", 0, 15001)));
    dashboard.peers.schedules.add(Samples.schedule("hello", 0, "/hello", false));
    dashboard.peers.serveAll();
    dashboard.known();
  }

  @AfterAll
  static void stop() {
    dashboard.close();
  }

  /* ---- Host ---- */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:14000",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:14000",
        "runner.internal:80"
      })
  void acceptsItsOwnNames(String host) {
    assertThat(dashboard.get("/", "Host", host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:14000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "[::2]:14000",
        "localhost.",
        "xlocalhost"
      })
  void refusesAForeignName(String host) {
    for (String path :
        new String[] {"/", "/__runner__/", "/__runner__/api/v1/services", "/__runner__/events"}) {
      TestingDashboard.Answer answer = dashboard.get(path, "Host", host);
      assertThat(answer.status()).as(path).isEqualTo(421);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.json().getString("code")).isEqualTo("WR-5001");
    }
    assertThat(dashboard.post("/__runner__/queues/q", "{}", "Host", host).status()).isEqualTo(421);
    assertThat(dashboard.peers.published).isEmpty();
  }

  @Test
  void refusesTwoNamesAtOnce() {
    assertThat(dashboard.get("/", "Host", "localhost").status()).isEqualTo(200);
    assertThat(dashboard.raw("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
    assertThat(dashboard.raw("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 421");
    assertThat(dashboard.raw("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void probesOfTheProcessMayUseAnyName() {
    assertThat(dashboard.get("/health", "Host", "10.0.0.7").status()).isEqualTo(200);
    assertThat(dashboard.get("/ready", "Host", "10.0.0.7").status()).isEqualTo(200);
  }

  @Test
  void aPageForABrowserWithAForeignNameIsNotTheDashboard() {
    TestingDashboard.Answer answer =
        dashboard.get("/", "Host", "evil.example", "Accept", "text/html");

    assertThat(answer.status()).isEqualTo(421);
    assertThat(answer.body()).contains("WR-5001").doesNotContain("hello");
  }

  @Test
  void insecureBindAcceptsAnyNameButNoForeignOrigin() {
    try (TestingDashboard open = new TestingDashboard(TestingDashboard.options(true))) {
      open.peers.serveAll();
      open.known();
      assertThat(open.get("/", "Host", "box.lan:14000").status()).isEqualTo(200);
      assertThat(
              open.post(
                      "/__runner__/queues/q",
                      "{}",
                      "Host",
                      "box.lan:14000",
                      "Origin",
                      "http://evil.example")
                  .status())
          .isEqualTo(403);
      assertThat(
              open.post(
                      "/__runner__/queues/q",
                      "{}",
                      "Host",
                      "box.lan:14000",
                      "Origin",
                      "http://box.lan:14000")
                  .status())
          .isEqualTo(202);
    }
  }

  /* ---- Origin ---- */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/__runner__/api/v1/schedules/hello/0/pause",
        "/__runner__/api/v1/schedules/hello/0/run",
        "/__runner__/services/hello/schedules/0/toggle",
        "/__runner__/services/hello/schedules/0/run",
        "/__runner__/ui/schedules/hello/0/pause",
        "/__runner__/queues/orders"
      })
  void aForeignPageChangesNothing(String path) {
    String[][] foreign = {
      {"Origin", "http://evil.example"},
      {"Origin", "null"},
      {"Origin", "http://127.0.0.1:1"},
      {"Origin", "file://"},
      {"Sec-Fetch-Site", "cross-site"},
      {"Sec-Fetch-Site", "same-site"},
    };
    for (String[] headers : foreign) {
      TestingDashboard.Answer answer = dashboard.post(path, "{}", headers);
      assertThat(answer.status()).as(headers[1]).isEqualTo(403);
      assertThat(answer.json().getString("code")).isEqualTo("WR-5002");
    }
    assertThat(dashboard.peers.schedules.get(0).paused()).isFalse();
    assertThat(dashboard.peers.published).isEmpty();
  }

  @Test
  void ownPagesAndProgramsPass() {
    String own = "127.0.0.1:" + dashboard.port();
    String[][] fine = {
      {},
      {"Origin", "http://" + own, "Sec-Fetch-Site", "same-origin"},
      {"Sec-Fetch-Site", "none"},
      {"Origin", "https://LOCALHOST", "Host", "localhost:443"},
    };
    for (String[] headers : fine) {
      assertThat(
              dashboard.post("/__runner__/api/v1/schedules/hello/0/resume", "", headers).status())
          .as(String.join(" ", headers))
          .isEqualTo(200);
    }
  }

  @Test
  void readingWithAForeignOriginIsHarmlessAndGetsNoCorsHeaders() {
    TestingDashboard.Answer answer =
        dashboard.get("/__runner__/api/v1/services", "Origin", "http://evil.example");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().names()).noneMatch(name -> name.startsWith("access-control"));
  }

  /* ---- Headers ---- */

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/health", "/__runner__/metrics", "/__runner__/nothing", "/favicon.ico"})
  void everyAnswerTellsBrowsersToBeStrict(String path) {
    TestingDashboard.Answer answer = dashboard.get(path);

    assertThat(answer.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("same-origin");
  }

  @ParameterizedTest
  @CsvSource({"PUT,/", "DELETE,/__runner__/api/v1/services", "OPTIONS,/__runner__/queues/q"})
  void otherMethodsAreRefusedWithTheKnownOnes(String method, String path) {
    TestingDashboard.Answer answer = dashboard.send(HttpMethod.valueOf(method), path, "");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isNotEqualTo("null");
  }
}
