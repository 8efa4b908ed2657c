package io.wasmrunner.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.wasmrunner.launcher.TestingCommands.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that talk to a running wasmrunner, against one that answers what the test says. */
final class RunningCommandsTest {
  private static final String ROOT = "/__runner__/api/v1";
  private static final String HELLO =
      """
      {"name":"hello","state":"%s","definition":{"prefix":"hello"},"violations":[],"runners":[
        {"index":0,"state":"READY","port":15001,"generation":1,"memory_bytes":1363148,
         "memory_limit_bytes":67108864,"cpu":"PT1.5S","open_descriptors":4,"restarts":0,
         "started_at":"2026-11-22T10:00:00Z","last_exit":null},
        {"index":1,"state":"BACKOFF","port":15002,"generation":3,"memory_bytes":0,
         "memory_limit_bytes":67108864,"cpu":"PT0S","open_descriptors":0,"restarts":2,
         "next_start_at":"2126-11-22T10:00:00Z",
         "last_exit":{"at":"2026-11-22T10:00:00Z","cause":"trap","detail":"unreachable\\u001b[2J"}}]}
      """;

  private record Answer(int status, String body) {}

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Queue<Answer> first = new ConcurrentLinkedQueue<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String what = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          String query = exchange.getRequestURI().getRawQuery();
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          asked.add(what + (query == null ? "" : "?" + query) + (body.isEmpty() ? "" : " " + body));
          Answer next = first.poll();
          Answer answer =
              next != null
                  ? next
                  : answers.getOrDefault(
                      what.replace(ROOT, ""),
                      new Answer(
                          404,
                          "{\"title\":\"Not Found\",\"status\":404,\"code\":\"WR-2041\","
                              + "\"detail\":\"no service is named x\",\"fix\":\"See the list.\"}"));
          byte[] bytes = answer.body().getBytes(UTF_8);
          exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Ran run(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.add("--port");
    arguments.add(Integer.toString(server.getAddress().getPort()));
    return TestingCommands.run(arguments.toArray(String[]::new));
  }

  private void answer(String what, int status, String body) {
    answers.put(what, new Answer(status, body));
  }

  /* ---- status ---- */

  @Test
  void statusShowsServicesAndRunnersThatAreNotReady() {
    answer("GET /services", 200, "{\"services\":[" + HELLO.formatted("DEGRADED") + "]}");
    Ran ran = run("status");
    assertThat(ran.status()).isEqualTo(ExitStatus.NOT_READY);
    assertThat(ran.out())
        .containsPattern("hello +DEGRADED +1/2 +/hello/")
        .contains("runner 1  BACKOFF", "starts again in", "trap, unreachable\uFFFD[2J")
        .doesNotContain("runner 0", "\u001b");
  }

  @Test
  void statusOfOneServiceShowsEveryRunner() {
    answer("GET /services/hello", 200, HELLO.formatted("READY"));
    Ran ran = run("status", "hello");
    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .contains("runner 0  READY", "port 15001", "1.3 MiB of 64.0 MiB", "CPU 1.5 s,");
    assertThat(run("status", "hello", "--json").out()).contains("\"open_descriptors\" : 4");
  }

  /* ---- logs ---- */

  @Test
  void logsAskWithTheFilters() {
    answer(
        "GET /services/hello/logs",
        200,
        "{\"lines\":[{\"sequence\":1,\"at\":\"2026-11-22T10:00:00Z\",\"runner\":1,\"level\":\"ERROR\",\"stream\":\"STDERR\",\"text\":\"it"
            + " broke\"}]}");
    Ran ran = run("logs", "hello", "--runner", "1", "--level", "WARN", "-n", "5", "-q", "a b");
    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains(" r1 ERROR it broke");
    assertThat(asked)
        .containsExactly("GET " + ROOT + "/services/hello/logs?tail=5&runner=1&level=warn&q=a+b");
  }

  @Test
  void logsFollowOverARestart() {
    first.add(
        new Answer(
            200,
            """

            {"sequence":7,"at":"2026-11-22T10:00:00Z","runner":0,"level":"INFO","text":"one"}

            {"sequence":9,"at":"2026-11-22T10:00:01Z","runner":0,"level":"INFO","text":"two"}
            """));
    first.add(new Answer(502, "somebody else"));
    first.add(
        new Answer(
            503,
            "{\"status\":503,\"code\":\"WR-5015\",\"detail\":\"services are not known yet\"}"));
    first.add(
        new Answer(
            200,
            """

            {"sequence":12,"at":"2026-11-22T10:01:00Z","runner":0,"level":"INFO","text":"three"}
            """));
    Ran ran = run("logs", "hello", "-f", "--level", "info");
    assertThat(ran.out()).containsSubsequence("INFO  one", "INFO  two", "INFO  three");
    assertThat(ran.out().lines()).hasSize(3);
    assertThat(ran.err())
        .containsSubsequence(
            " is gone; asking again", " is back", " is gone; asking again", "WR-2041");
    assertThat(ran.err().lines()).hasSize(4);
    assertThat(ran.status()).as("the service is no more").isEqualTo(ExitStatus.FAILURE);
    String logs = "GET " + ROOT + "/services/hello/logs?tail=";
    assertThat(asked)
        .containsExactly(
            logs + "100&level=info&follow=true",
            logs + "1000&after=9&level=info&follow=true",
            logs + "1000&after=9&level=info&follow=true",
            logs + "1000&after=9&level=info&follow=true",
            logs + "1000&after=12&level=info&follow=true");
  }

  @Test
  void logsFollowOnlyWhoIsThere() throws IOException {
    Ran ran = TestingCommands.run("logs", "x", "-f", "--port", Integer.toString(freePort()));
    assertThat(ran.status()).isEqualTo(ExitStatus.NOT_RUNNING);
    assertThat(ran.err()).contains("WR-1010").doesNotContain("asking again");
  }

  /* ---- Operating ---- */

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start hello     | /services/hello/start   | ''",
        "stop hello 1    | /services/hello/stop    | {\"runner\":1}",
        "restart hello   | /services/hello/restart | ''",
        "restart hello 0 | /services/hello/restart | {\"runner\":0}",
        "scale hello 3   | /services/hello/scale   | {\"runners\":3}",
        "reload hello    | /services/hello/reload  | ''",
        "enable hello    | /services/hello/enable  | ''",
        "disable hello   | /services/hello/disable | ''"
      })
  void operatingPosts(String words, String path, String body) {
    answer(
        "POST " + path,
        202,
        "{\"service\":\"hello\",\"action\":\"x\",\"detail\":\"it is being done\"}");
    Ran ran = run(words.split(" ", -1));
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.out()).isEqualToIgnoringNewLines("hello: it is being done");
    assertThat(asked).containsExactly(("POST " + ROOT + path + " " + body).strip());
  }

  @Test
  void aRefusalIsToldWithItsReason() {
    Ran ran = run("restart", "x");
    assertThat(ran.status()).isEqualTo(ExitStatus.FAILURE);
    assertThat(ran.err()).contains("WR-1011", "WR-2041 no service is named x", "See the list.");
  }

  @Test
  void planAndReloadOfAllListTheChanges() {
    String changes =
        """
        {"changes":[
          {"service":"a","change":"unchanged","detail":[],"effect":""},
          {"service":"b","change":"changed","detail":["runners: 1 to 2"],"effect":"rolling"},
          {"service":"c","change":"invalid","detail":["WR-2011 x"],"effect":"stays as it is"}]}
        """;
    answer("GET /plan", 200, changes);
    answer("POST /reload", 202, changes);
    Ran plan = run("plan");
    assertThat(plan.status()).isEqualTo(ExitStatus.INVALID_SERVICES);
    assertThat(plan.out())
        .containsSubsequence(
            "changed   b: rolling", "runners: 1 to 2", "invalid   c: stays", "1 unchanged");
    assertThat(run("reload").out()).contains("changed   b: rolling");
    assertThat(run("plan", "--json").out()).contains("\"effect\" : \"rolling\"");
  }

  @Test
  void nothingThatRunsIsSaidWithAdvice() throws IOException {
    int free = freePort();
    for (String command : List.of("status", "plan", "reload")) {
      Ran ran = TestingCommands.run(command, "--port", Integer.toString(free));
      assertThat(ran.status()).isEqualTo(ExitStatus.NOT_RUNNING);
      assertThat(ran.err()).contains("WR-1010", "--host and --port").doesNotContain("\tat ");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
