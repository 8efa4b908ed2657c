package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.CircuitBreaking;
import io.wasmrunner.model.ConcurrencyLimit;
import io.wasmrunner.model.Ejection;
import io.wasmrunner.model.HealthCheck;
import io.wasmrunner.model.ListenerDefinition;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.Resilience;
import io.wasmrunner.model.Retries;
import io.wasmrunner.model.RunnerLimits;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceType;
import io.wasmrunner.model.Timeouts;
import io.wasmrunner.model.Violation;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.LoadBalancingStrategyFactory;
import io.wasmrunner.spi.Plugin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceCatalogueTest {
  private static final String SEED =
      """
      {"prefix":"hello","url":"http://127.0.0.1:15001","memory_limit_mb":64,"runners":2,\
      "schedules":[{"endpoint":"/hello","interval_secs":60}]}""";

  /** Type, function, memory of 8192 pages, export of _start, empty body. */
  private static final byte[] HUGE_MODULE =
      HexFormat.of()
          .parseHex(
              "0061736d01000000"
                  + "010401600000"
                  + "03020100"
                  + "050401008040"
                  + "071302065f737461727400000"
                  + "66d656d6f72790200"
                  + "0a040102000b");

  @TempDir Path folder;
  private TestingServices services;

  @BeforeEach
  void services() {
    services = new TestingServices(folder.resolve("services"));
  }

  private ServiceCatalogue load() {
    return ServiceCatalogue.load(services.options(new RuntimePlugin()).entryPort(14000).build());
  }

  private ServiceEntry only() {
    assertThat(load().entries()).hasSize(1);
    return load().entries().get(0);
  }

  private ServiceDefinition valid(String json) {
    services.add("demo", json);
    ServiceEntry entry = only();
    assertThat(entry.errors()).isEmpty();
    return entry.definition().orElseThrow();
  }

  private List<String> errors(String json) {
    services.add("demo", json);
    return only().errors().stream().map(Violation::describe).toList();
  }

  private static String with(String more) {
    return "{\"prefix\": \"demo\", \"url\": \"http://127.0.0.1:15001\", " + more + "}";
  }

  /* ---- What is accepted ---- */

  @Test
  void theSeedsExampleIsValidAsItStands() {
    ServiceDefinition hello = valid(SEED);
    assertThat(hello.prefix()).isEqualTo("hello");
    assertThat(hello.address()).hasToString("127.0.0.1:15001");
    assertThat(hello.runners()).isEqualTo(2);
    assertThat(hello.guest().memoryLimitMb()).hasValue(64);
    assertThat(hello.schedules())
        .singleElement()
        .satisfies(
            schedule -> {
              assertThat(schedule.path()).isEqualTo("/hello");
              assertThat(schedule.interval()).isEqualTo(Duration.ofMinutes(1));
            });
    assertThat(hello.domain()).isEmpty();
    assertThat(hello.type()).isEmpty();
  }

  @Test
  void whatIsNotSaidHasADefault() {
    ServiceDefinition demo = valid("{\"prefix\": \"demo\", \"url\": \"http://127.0.0.1\"}");
    assertThat(demo.address().port()).isEqualTo(80);
    assertThat(demo.runners()).isEqualTo(1);
    assertThat(demo.guest().memoryLimitMb()).isEmpty();
    assertThat(demo.required()).isTrue();
    assertThat(demo.guest().launcher()).isEqualTo(PluginChoice.named("embedded"));
    assertThat(demo.lifecycle().health()).isEqualTo(HealthCheck.DEFAULT);
    assertThat(demo.traffic().loadBalancing()).isEqualTo(PluginChoice.named("round_robin"));
    assertThat(demo.traffic().timeouts()).isEqualTo(Timeouts.DEFAULT);
    assertThat(demo.traffic().resilience()).isEqualTo(Resilience.DEFAULT);
    assertThat(demo.files().version()).isEmpty();
    assertThat(demo.files().openapi()).isEmpty();
  }

  @Test
  void everyKeyArrives() {
    ServiceDefinition demo =
        valid(
            """
            {"$schema": "../../config/schema/service.schema.json", "x-owner": {"team": 7},
             "prefix": "a/b", "url": "http://localhost:15001/", "domain": "billing",
             "type": "adapter", "runners": 3, "memory_limit_mb": 4096, "required": false,
             "env": {"COLOUR": "red", "EMPTY": ""}, "launcher": {"name": "embedded"},
             "health": {"probe": {"name": "http", "status": 204}, "path": "/up",
                        "interval": "500ms", "timeout": "1s", "healthy_after": 2,
                        "unhealthy_after": 4},
             "timeouts": {"connect": "100ms", "first_byte": "2m", "idle": "1h", "total": "0s"},
             "listeners": [{" orders.new ": "/events/new"}, {"a/b": "/x"}]}""");
    assertThat(demo.prefix()).isEqualTo("a/b");
    assertThat(demo.address().host()).as("localhost is no question").isEqualTo("127.0.0.1");
    assertThat(demo.addressOf(2).port()).isEqualTo(15003);
    assertThat(demo.domain()).contains("billing");
    assertThat(demo.type()).contains(ServiceType.ADAPTER);
    assertThat(demo.guest().memoryLimitMb()).hasValue(4096);
    assertThat(demo.required()).isFalse();
    assertThat(demo.guest().env()).isEqualTo(Map.of("COLOUR", "red", "EMPTY", ""));
    assertThat(demo.lifecycle().health())
        .isEqualTo(
            new HealthCheck(
                new PluginChoice("http", Map.of("path", "/up", "status", 204)),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                2,
                4));
    assertThat(demo.traffic().timeouts())
        .isEqualTo(
            new Timeouts(
                Duration.ofMillis(100), Duration.ofMinutes(2), Duration.ofHours(1), Duration.ZERO));
    assertThat(demo.listeners())
        .containsExactly(
            new ListenerDefinition("orders.new", "/events/new"),
            new ListenerDefinition("a/b", "/x"));
  }

  @Test
  void resilienceArrives() {
    Resilience resilience =
        valid(
                with(
                    """
                    "weights": [3, 1], "slow_start": "30s",
                    "ejection": {"consecutive_failures": 2, "min_success_percent": 90, "min_requests": 7,
                      "interval": "3s", "base_time": "4s", "max_time": "5s", "max_percent": 30,
                      "panic_percent": 20},
                    "retries": {"attempts": 1, "on": ["5xx", "timeout"], "non_idempotent": true,
                      "budget_percent": 5, "backoff": "0s", "max_backoff": "1s",
                      "per_try_timeout": "2s", "body_kb": 8},
                    "circuit_breaker": {"failure_percent": 60, "window": "30s", "min_requests": 9,
                      "open_time": "8s", "probes": 4},
                    "limits": {"max_concurrent_requests": 50, "concurrency": "adaptive",
                      "queue_size": 0, "queue_timeout": "3s"}"""))
            .traffic()
            .resilience();

    assertThat(resilience)
        .isEqualTo(
            new Resilience(
                List.of(3, 1),
                Duration.ofSeconds(30),
                Optional.of(
                    new Ejection(
                        2,
                        90,
                        7,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        30,
                        20)),
                Optional.of(
                    new Retries(
                        1,
                        Set.of(Retries.Cause.STATUS, Retries.Cause.TIMEOUT),
                        true,
                        5,
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        8)),
                Optional.of(
                    new CircuitBreaking(60, Duration.ofSeconds(30), 9, Duration.ofSeconds(8), 4)),
                Optional.of(new ConcurrencyLimit(50, true, 0, Duration.ofSeconds(3)))));
  }

  @Test
  void anEmptyObjectTurnsResilienceOnWithItsDefaults() {
    Resilience resilience =
        valid(
                with(
                    """
                    "ejection": {}, "retries": {}, "circuit_breaker": {},
                    "limits": {"concurrency": "adaptive"}"""))
            .traffic()
            .resilience();

    assertThat(resilience.ejection()).contains(Ejection.DEFAULT);
    assertThat(resilience.retries()).contains(Retries.DEFAULT);
    assertThat(resilience.circuitBreaker()).contains(CircuitBreaking.DEFAULT);
    assertThat(resilience.concurrency())
        .contains(new ConcurrencyLimit(200, true, 100, Duration.ofSeconds(1)));
  }

  @Test
  void limitsArrive() {
    ServiceDefinition demo =
        valid(
            with(
                "\"limits\": {\"memory_mb\": 32, \"cpu_share\": 0.25, \"open_descriptors\": 64,"
                    + " \"output_kb_per_second\": 8}"));
    assertThat(demo.guest().memoryLimitMb()).hasValue(32);
    assertThat(demo.guest().limits()).isEqualTo(new RunnerLimits(0.25, 64, 8));
    assertThat(valid(SEED).guest().limits()).isEqualTo(new RunnerLimits(1, 1024, 1024));
  }

  static Stream<Arguments> scheduleForms() {
    return Stream.of(
        Arguments.of("[\"/path\", 30]", "/path", 30),
        Arguments.of("[\"path/\", 30]", "/path", 30),
        Arguments.of("{\"/path\": 30}", "/path", 30),
        Arguments.of("{\"path\": 30, \"x\": 1}", "", 0),
        Arguments.of("{\"hello\": 30}", "/hello", 30),
        Arguments.of("{\"endpoint\": \"/a\", \"interval_secs\": 1}", "/a", 1),
        Arguments.of("{\"endpoint\": \"/a\", \"seconds\": 2}", "/a", 2),
        Arguments.of("{\"endpoint\": \"a\", \"interval\": 3}", "/a", 3),
        Arguments.of("{\"path\": \"/b\", \"every_secs\": 4}", "/b", 4),
        Arguments.of("{\"endpoint\": \"/a\", \"path\": \"/b\", \"interval_secs\": 5}", "/a", 5),
        Arguments.of(
            "{\"path\": \"/b\", \"every_secs\": 4, \"interval\": 3, \"seconds\": 2,"
                + " \"interval_secs\": 1}",
            "/b",
            1),
        Arguments.of("{\"path\": \"/b\", \"every_secs\": 4, \"interval\": 3}", "/b", 3));
  }

  @ParameterizedTest
  @MethodSource("scheduleForms")
  void schedulesAreReadInEveryFormOfTheOriginal(String form, String path, int seconds) {
    if (seconds == 0) {
      assertThat(errors(with("\"schedules\": [" + form + "]"))).isNotEmpty();
      return;
    }
    assertThat(valid(with("\"schedules\": [" + form + "]")).schedules())
        .singleElement()
        .satisfies(
            schedule -> {
              assertThat(schedule.index()).isZero();
              assertThat(schedule.path()).isEqualTo(path);
              assertThat(schedule.interval()).isEqualTo(Duration.ofSeconds(seconds));
            });
  }

  @Test
  void slashesAroundAPrefixAreDroppedWithAWarning() {
    services.add("demo", "{\"prefix\": \"/demo/\", \"url\": \"http://127.0.0.1:15001\"}");
    ServiceEntry entry = only();
    assertThat(entry.definition())
        .hasValueSatisfying(d -> assertThat(d.prefix()).isEqualTo("demo"));
    assertThat(entry.warnings()).singleElement().extracting(Violation::code).isEqualTo("WR-2035");
  }

  @Test
  void aHostThatIsNotThisMachineIsAWarning() {
    services.add("demo", "{\"prefix\": \"demo\", \"url\": \"http://shop.example:15001\"}");
    ServiceEntry entry = only();
    assertThat(entry.definition().orElseThrow().address()).hasToString("127.0.0.1:15001");
    assertThat(entry.warnings().get(0).describe())
        .isEqualTo(
            "WR-2034 demo/config/service.json:1:27 /url: expected this machine, 127.0.0.1 or"
                + " localhost, got \"shop.example\". Fix: write 127.0.0.1; runners listen on"
                + " 127.0.0.1 whatever stands here");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:15001, 127.0.0.1, 0",
    "127.0.0.1, http://0.0.0.0:15001, 127.0.0.1, 0",
    "127.0.0.1, http://[::1]:15001, 127.0.0.1, 0",
    "0.0.0.0, http://localhost:15001, 127.0.0.1, 0",
    "192.0.2.7, http://127.0.0.1:15001, 192.0.2.7, 0",
    "192.0.2.7, http://192.0.2.7:15001, 192.0.2.7, 0",
    "192.0.2.7, http://192.0.2.8:15001, 192.0.2.7, 1",
    "::, http://localhost:15001, ::1, 0"
  })
  void aRunnerIsReachedWhereItListens(String bindHost, String url, String host, int warnings) {
    services.add("demo", "{\"prefix\": \"demo\", \"url\": \"" + url + "\"}");
    ServiceEntry entry =
        ServiceCatalogue.load(services.options(new RuntimePlugin()).bindHost(bindHost).build())
            .entries()
            .get(0);
    assertThat(entry.definition().orElseThrow().address().host()).isEqualTo(host);
    assertThat(entry.warnings()).hasSize(warnings);
  }

  /* ---- What is refused: place, expected, got, fix ---- */

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    assertThat(
            errors(
                """
                {
                  "prefix": 5, "uri": "http://127.0.0.1:1",
                  "runners": "2",
                  "type": "adaptor", "env": {"PIN": 12345, "WR_RUNNER_PORT": "1"},
                  "health": {"interval": "5", "timeout": "0s", "probe": {"name": "http", "pth": 1}},
                  "launcher": "embeded", "memory_limit_mb": 5000,
                  "schedules": [["/a"], ["/a", 0], {"endpoint": "/x", "intervall": 3}]
                }"""))
        .containsExactly(
            "WR-2015 demo/config/service.json:1:1: expected the key \"url\", got none."
                + " Fix: add it, for example \"url\": \"http://127.0.0.1:15001\"",
            "WR-2013 demo/config/service.json:2:13 /prefix: expected a path prefix (a string),"
                + " got 5. Fix: write for example \"hello\"",
            "WR-2014 demo/config/service.json:2:16 /uri: expected one of prefix, url, module,"
                + " domain, type, runners, memory_limit_mb, limits, required, env, secrets,"
                + " capabilities, launcher, health, restart, deploy, depends_on, load_balancing,"
                + " timeouts, weights, slow_start, ejection, retries, circuit_breaker, rate_limit,"
                + " auth, cors, contract, compression, schedules, listeners, got \"uri\"."
                + " Fix: write \"url\"",
            "WR-2013 demo/config/service.json:3:14 /runners: expected a number of copies (an"
                + " integer), got \"2\". Fix: remove the quotes",
            "WR-2013 demo/config/service.json:4:11 /type: expected one of bff, business, adapter,"
                + " got \"adaptor\". Fix: write \"adapter\"",
            "WR-2013 demo/config/service.json:4:37 /env/PIN: expected a text without NUL (a"
                + " string), got a number. Fix: write for example \"value\"",
            "WR-2027 demo/config/service.json:4:62 /env/WR_RUNNER_PORT: expected a variable that"
                + " wasmrunner does not set itself, got \"WR_RUNNER_PORT\"."
                + " Fix: remove it; the guest gets it from wasmrunner",
            "WR-2013 demo/config/service.json:5:26 /health/interval: expected a duration such as"
                + " \"500ms\", \"5s\" or \"2m\", got \"5\". Fix: write for example \"5s\"",
            "WR-2032 demo/config/service.json:5:42 /health/timeout: expected a duration from"
                + " 50 ms to 60 min, got \"0s\". Fix: write for example \"5s\"",
            "WR-2014 demo/config/service.json:5:74 /health/probe/pth: expected one of path,"
                + " status, body, json, name, got \"pth\". Fix: write \"path\"",
            "WR-2013 demo/config/service.json:6:15 /launcher: expected one of command, embedded, jvm-process, wasmedge,"
                + " got \"embeded\". Fix: write \"embedded\"",
            "WR-2013 demo/config/service.json:6:45 /memory_limit_mb: expected a number of MiB, at"
                + " most 4096, got 5000. Fix: write for example 64",
            "WR-2013 demo/config/service.json:7:17 /schedules/0: expected [path, seconds],"
                + " got an array. Fix: write for example [\"/hello\",60]",
            "WR-2013 demo/config/service.json:7:32 /schedules/1/1: expected a whole number of"
                + " seconds, at least 1, got 0. Fix: write for example 60",
            "WR-2015 demo/config/service.json:7:36 /schedules/2: expected the key"
                + " \"interval_secs\", got none. Fix: add it, for example \"interval_secs\": 60",
            "WR-2014 demo/config/service.json:7:55 /schedules/2/intervall: expected one of"
                + " endpoint, path, interval_secs, seconds, interval, every_secs,"
                + " got \"intervall\". Fix: write \"interval\"");
  }

  private static String probe(String nameAndSettings) {
    return with("\"health\": {\"probe\": {\"name\": " + nameAndSettings + "}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tcp\"",
        "\"command\", \"command\": [\"echo\", \"{host}:{port}\"], \"env\": {\"PATH\": \"/bin\"}",
        "\"http\", \"status\": [\"2xx\", 404], \"body\": \"ok\"",
        "\"http\", \"status\": \"2xx\", \"json\": {\"\": null, \"/a~1b/0\": [1], \"/x y\": {}}"
      })
  void probesHaveSettings(String nameAndSettings) {
    assertThat(valid(probe(nameAndSettings)).lifecycle().health().probe().name()).isNotEmpty();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("[]", "WR-2013", "expected a service description, got an array that is empty"),
        Arguments.of("", "WR-2011", "expected a JSON object, got nothing"),
        Arguments.of("{\"prefix\": }", "WR-2011", "service.json:1:12: expected valid JSON"),
        Arguments.of(SEED + " x", "WR-2011", "more text after the document. Fix: remove what"),
        Arguments.of("{\"a\":".repeat(100), "WR-2011", "at most 64 levels"),
        Arguments.of(with("\"runners\": 1, \"runners\": 2"), "WR-2012", "first on line 1"),
        Arguments.of(with("\"runners\": 0"), "WR-2013", "at least 1, got 0"),
        Arguments.of(with("\"runners\": 1.5"), "WR-2013", "got 1.5"),
        Arguments.of(with("\"runners\": 1e400"), "WR-2011", "a number of usual size"),
        Arguments.of(with("\"memory_limit_mb\": -1"), "WR-2013", "at least 1, got -1"),
        Arguments.of(with("\"memory_limit_mb\": null"), "WR-2013", "got null"),
        Arguments.of(with("\"limits\": {\"cpu_share\": 0}"), "WR-2013", "at least 0.01, got 0"),
        Arguments.of(with("\"limits\": {\"cpu_share\": 2}"), "WR-2013", "at most 1, got 2"),
        Arguments.of(with("\"limits\": {\"open_descriptors\": 7}"), "WR-2013", "at least 8"),
        Arguments.of(with("\"limits\": {\"memory_mb\": \"8\"}"), "WR-2013", "remove the quotes"),
        Arguments.of(with("\"limits\": {\"cpu_shares\": 1}"), "WR-2014", "write \"cpu_share\""),
        Arguments.of(
            with("\"limits\": {\"memory_mb\": 8}, \"memory_limit_mb\": 8"),
            "WR-2037",
            "one here and one in memory_limit_mb"),
        Arguments.of(
            probe("\"http\", \"status\": 99"), "WR-2013", "or a list of them, at least 100"),
        Arguments.of(probe("\"http\", \"status\": \"2x\""), "WR-2013", "a class such as \"2xx\""),
        Arguments.of(probe("\"http\", \"status\": [200, 600]"), "WR-2013", "at most 599, got 600"),
        Arguments.of(probe("\"http\", \"json\": {\"status\": 1}"), "WR-2013", "a JSON pointer"),
        Arguments.of(probe("\"tcp\", \"path\": \"/x\""), "WR-2014", "got \"path\""),
        Arguments.of(
            with("\"health\": {\"probe\": \"command\"}"), "WR-2015", "add it, for example"),
        Arguments.of(
            probe("\"command\", \"command\": []"), "WR-2013", "a program and its arguments"),
        Arguments.of(
            probe("\"command\", \"command\": [\"echo\", \"{prt}\"]"),
            "WR-2033",
            "did you mean {port}?"),
        Arguments.of(
            probe("\"command\", \"command\": [\"no-such-program\"]"), "WR-2033", "was not found"),
        Arguments.of(with("\"type\": \"BFF\""), "WR-2013", "Fix: write \"bff\""),
        Arguments.of(with("\"frobnicate\": {}"), "WR-2014", "or begin its name with x-"),
        Arguments.of(with("\"listeners\": [{}]"), "WR-2013", "an object with one key"),
        Arguments.of(with("\"listeners\": [{\"q\": \"x\"}]"), "WR-2013", "with a leading slash"),
        Arguments.of(with("\"listeners\": [{\" \": \"/x\"}]"), "WR-2013", "a queue name"),
        Arguments.of(with("\"env\": {\"A=B\": \"x\"}"), "WR-2013", "without = and NUL"),
        Arguments.of(with("\"timeouts\": {\"connect\": \"25h\"}"), "WR-2032", "1 ms to 1440 min"),
        Arguments.of(with("\"slow_start\": \"2h\""), "WR-2032", "0 ms to 60 min"),
        Arguments.of(with("\"retries\": {\"on\": [\"4xx\"]}"), "WR-2013", "connect, reset"),
        Arguments.of(with("\"weights\": [0]"), "WR-2013", "a weight from 1 to 1000"),
        Arguments.of(with("\"limits\": {\"queue_size\": 5}"), "WR-2090", "a limit of requests"),
        Arguments.of(with("\"module\": \"../x.wasm\""), "WR-2029", "inside the folder demo"),
        Arguments.of(with("\"module\": \"/etc/x.wasm\""), "WR-2029", "inside the folder demo"),
        Arguments.of(with("\"module\": \"y.wasm\""), "WR-2028", "which does not exist"),
        Arguments.of(with("\"module\": \"y.exe\""), "WR-2013", "ends in .wasm"),
        Arguments.of(with("\"launcher\": {}"), "WR-2015", "the key \"name\""),
        Arguments.of(with("\"launcher\": 5"), "WR-2013", "the name of a launcher, or an object"),
        Arguments.of(
            with(
                "\"health\": {\"probe\": {\"name\": \"http\", \"path\": \"/a\"}, \"path\": \"/b\"}"),
            "WR-2036",
            "one here and one in probe"),
        Arguments.of(
            with("\"health\": {\"probe\": {\"name\": \"http\", \"status\": 99}}"),
            "WR-2013",
            "at least 100, got 99"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(String json, String code, String message) {
    assertThat(errors(json)).anySatisfy(e -> assertThat(e).startsWith(code).contains(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"env\": \"TOKEN=hunter2\"",
        "\"env\": {\"TOKEN=hunter2\": \"\"}",
        "\"env\": {\"TOKEN\": [\"hunter2\"]}",
        "\"env\": {\"TOKEN\": \"hunter2\\u0000\"}",
        "\"env\": {\"TOKEN\": hunter2}",
        "\"secrets\": {\"TOKEN\": \"hunter2\"}",
        "\"secrets\": {\"TOKEN\": {\"env\": \"A=hunter2\"}}",
        "\"auth\": {\"api_key\": {\"keys\": [\"hunter2\"]}}",
        "\"auth\": {\"api_key\": {\"keys\": [{\"name\": \"a\", \"sha256\": \"hunter2\"}]}}",
        "\"auth\": {\"basic\": {\"users\": [{\"name\": \"a\", \"hash\": \"hunter2\"}]}}",
        "\"launcher\": {\"name\": \"wasmedge\", \"env\": \"hunter2\"}",
        "\"launcher\": {\"name\": \"wasmedge\", \"env\": {\"TOKEN\": 4711815}}",
        "\"launcher\": {\"name\": \"command\", \"command\": [\"x\"], \"env\": {\"=hunter2\": \"\"}}",
        "\"health\": {\"probe\": {\"name\": \"command\", \"command\": [\"/bin/sh\"],"
            + " \"env\": {\"TOKEN\": 4711815}}}"
      })
  void whatMayBeASecretIsNotShown(String settings) {
    assertThat(errors(with(settings)))
        .isNotEmpty()
        .noneMatch(error -> error.contains("hunter2") || error.contains("4711815"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "/", "a//b", "a b", "a/../b", "..", ".", "a?b", "a#b", "a%20b", "a\\\\b", "año"
      })
  void refusesPrefixesThatNoRequestCouldMatch(String prefix) {
    assertThat(errors("{\"prefix\": \"" + prefix + "\", \"url\": \"http://127.0.0.1:15001\"}"))
        .singleElement()
        .satisfies(e -> assertThat(e).containsAnyOf("WR-2020", "WR-2013"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"__runner__", "health", "ready", "favicon.ico", "/health", "ready/x"})
  void refusesReservedPrefixes(String prefix) {
    assertThat(errors("{\"prefix\": \"" + prefix + "\", \"url\": \"http://127.0.0.1:15001\"}"))
        .singleElement()
        .satisfies(e -> assertThat(e).startsWith("WR-2021"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:15001",
        "127.0.0.1:15001",
        "http://",
        "http://127.0.0.1:15001/base",
        "http://127.0.0.1:15001?x",
        "http://u:p@127.0.0.1:15001",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:99999999999",
        "http:// x"
      })
  void refusesUrlsThatAreNoRunner(String url) {
    assertThat(errors("{\"prefix\": \"demo\", \"url\": \"" + url + "\"}"))
        .singleElement()
        .satisfies(e -> assertThat(e).startsWith("WR-2023"));
  }

  @Test
  void refusesPortsBeyondTheLast() {
    assertThat(
            errors("{\"prefix\": \"demo\", \"url\": \"http://127.0.0.1:65535\", \"runners\": 2}"))
        .singleElement()
        .satisfies(e -> assertThat(e).startsWith("WR-2024"));
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    services.add("demo", SEED);
    services.file(
        "demo/config/service.json",
        "{\n\"prefix\": \"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(only().errors().get(0).describe())
        .isEqualTo(
            "WR-2010 demo/config/service.json:2:12: expected text in UTF-8, got byte 0xE4 at"
                + " offset 13. Fix: save the file as UTF-8");
  }

  @Test
  void refusesAByteOrderMark() {
    services.add("demo", "\uFEFF" + SEED);
    assertThat(only().errors()).singleElement().extracting(Violation::code).isEqualTo("WR-2010");
  }

  @Test
  void refusesAHugeFile() {
    services.add("demo", " ".repeat((1 << 20) + 1));
    assertThat(only().errors().get(0).describe())
        .isEqualTo(
            "WR-2004 demo/config/service.json: expected at most 1024 KiB, got more. Fix: make it"
                + " smaller");
  }

  @Test
  void refusesLinksThatLeadOut() throws IOException {
    services.add("demo", SEED);
    Path secret = Files.writeString(folder.resolve("secret.json"), "{}");
    Files.createSymbolicLink(services.folder().resolve("demo/openapi.json"), secret);
    Files.delete(services.folder().resolve("demo/demo.wasm"));
    Files.createSymbolicLink(services.folder().resolve("demo/demo.wasm"), secret);
    assertThat(only().errors()).extracting(Violation::code).containsExactly("WR-2029", "WR-2029");
  }

  @Test
  void unknownKeysAreWarningsWhenLenient() {
    services.add("demo", with("\"runnners\": 2"));
    ServiceEntry entry =
        ServiceCatalogue.load(services.options(new RuntimePlugin()).lenient(true).build())
            .entries()
            .get(0);
    assertThat(entry.valid()).isTrue();
    assertThat(entry.warnings().get(0).describe()).contains("WR-2014", "Fix: write \"runners\"");
  }

  /* ---- Folders and modules ---- */

  @Test
  void aFolderIsAServiceWhenItHasAServiceJsonOrAModule() {
    services.add("b", SEED).file("notes/readme.md", "x").file(".git/config/service.json", SEED);
    services.file("a/a.wasm", TestingServices.EMPTY_MODULE);
    assertThat(load().entries()).extracting(ServiceEntry::name).containsExactly("a", "b");
    assertThat(load().find("a").orElseThrow().errors().get(0).describe())
        .isEqualTo(
            "WR-2003 a/config/service.json: expected the file config/service.json, got none. Fix:"
                + " add it, or move the folder out of the services folder");
    assertThat(load().find("b").orElseThrow().valid()).isTrue();
  }

  @Test
  void theModuleIsTheNamedTheUsualOrTheOnlyOne() throws IOException {
    Path demo = services.folder().resolve("demo");
    services.add("demo", SEED).file("demo/other.wasm", TestingServices.EMPTY_MODULE);
    assertThat(only().definition().orElseThrow().files().module())
        .isEqualTo(demo.resolve("demo.wasm"));
    Files.delete(demo.resolve("demo.wasm"));
    assertThat(only().definition().orElseThrow().files().module())
        .isEqualTo(demo.resolve("other.wasm"));
    services.file("demo/third.wasm", TestingServices.EMPTY_MODULE);
    assertThat(only().errors().get(0).describe())
        .contains("WR-2028", "2 other .wasm files", "with the key \"module\"");
    services.file("demo/config/service.json", with("\"module\": \"third.wasm\""));
    assertThat(only().definition().orElseThrow().files().module())
        .isEqualTo(demo.resolve("third.wasm"));
  }

  @Test
  void aMissingFolderHasNoServicesAndAFileIsAnError() throws IOException {
    assertThat(load().entries()).isEmpty();
    Files.createDirectories(folder);
    Files.writeString(services.folder(), "not a folder");
    assertThatThrownBy(this::load)
        .isInstanceOf(WasmrunnerException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aFolderNameThatIsNoServiceNameIsRefused() {
    services.add("my service", SEED);
    assertThat(only().errors()).extracting(Violation::code).contains("WR-2002");
  }

  /* ---- openapi.json ---- */

  @Test
  void theVersionComesFromOpenapi() {
    services.add("demo", SEED);
    services.file(
        "demo/openapi.json",
        "{\"openapi\": \"3.0.3\", \"info\": {\"version\": \"1.2\"}, \"paths\": {\"/hello\":"
            + " {\"get\": {}}}}");
    ServiceEntry entry = only();
    assertThat(entry.definition().orElseThrow().files().version()).contains("1.2");
    assertThat(entry.openapi()).hasValueSatisfying(text -> assertThat(text).contains("3.0.3"));
    assertThat(entry.warnings()).isEmpty();
  }

  @Test
  void aScheduleThatOpenapiDoesNotKnowIsAWarning() {
    services.add("demo", SEED);
    services.file(
        "demo/openapi.json", "{\"openapi\": \"3.0.3\", \"paths\": {\"/helo\": {\"get\": {}}}}");
    assertThat(only().warnings().get(0).describe())
        .isEqualTo(
            "WR-2031 demo/config/service.json:1:96 /schedules/0: expected a path that openapi.json"
                + " has with get, got \"/hello\". Fix: write \"/helo\"");
  }

  @Test
  void aBrokenOpenapiIsAnError() {
    services.add("demo", SEED).file("demo/openapi.json", "{\"openapi\": ");
    assertThat(only().errors()).singleElement().extracting(Violation::code).isEqualTo("WR-2011");
    services.file("demo/openapi.json", "{\"swagger\": \"2.0\"}");
    assertThat(only().errors()).singleElement().extracting(Violation::code).isEqualTo("WR-2030");
  }

  /* ---- Services against each other ---- */

  @Test
  void ofTwoThatClashTheLaterIsInvalidAndNamesTheOther() {
    services
        .add("a", "{\"prefix\": \"x\", \"url\": \"http://127.0.0.1:15001\", \"runners\": 3}")
        .add("b", "{\"prefix\": \"/x\", \"url\": \"http://127.0.0.1:15003\"}")
        .add("c", "{\"prefix\": \"x/y\", \"url\": \"http://127.0.0.1:15003\"}")
        .add("d", "{\"prefix\": \"d\", \"url\": \"http://127.0.0.1:13999\", \"runners\": 2}")
        .add("e", "{\"prefix\": \"e\", \"url\": \"http://127.0.0.1:15004\"}");
    ServiceCatalogue all = load();
    assertThat(all.entries().stream().filter(ServiceEntry::valid).map(ServiceEntry::name))
        .containsExactly("a", "e");
    assertThat(all.find("b").orElseThrow().errors())
        .extracting(Violation::describe)
        .containsExactly(
            "WR-2022 b/config/service.json:1:12 /prefix: expected a prefix that no other service"
                + " has, got \"x\", which is the prefix of service a. Fix: choose another prefix"
                + " for one of the two",
            "WR-2025 b/config/service.json:1:25 /url: expected ports that no other service has,"
                + " got port 15003, while service a has ports 15001 to 15003. Fix: choose another"
                + " port, for example 15004");
    assertThat(all.find("c").orElseThrow().errors())
        .extracting(Violation::code)
        .containsExactly("WR-2025");
    assertThat(all.find("d").orElseThrow().errors().get(0).describe())
        .contains("WR-2026", "ports other than 14000", "got ports 13999 to 14000");
  }

  /* ---- Modules ---- */

  @Test
  void modulesAreCheckedOnRequestWithoutLeavingATrace() {
    TestingRuntime.add(services, "good", TestingRuntime.HELLO, 15001, "");
    TestingRuntime.add(services, "tight", TestingRuntime.HELLO, 15002, "");
    services.file("tight/tight.wasm", HUGE_MODULE);
    services.add("wrong", "{\"prefix\": \"wrong\", \"url\": \"http://127.0.0.1:15003\"}");
    services.file("wrong/wrong.wasm", "this is no module");
    RuntimeOptions options = services.options(new RuntimePlugin()).build();
    ServiceCatalogue all = ServiceCatalogue.load(options);
    assertThat(all.entries()).allMatch(ServiceEntry::valid);
    ServiceCatalogue checked = all.withModulesChecked(options);
    assertThat(checked.find("good").orElseThrow().valid()).isTrue();
    assertThat(checked.find("tight").orElseThrow().errors().get(0).describe())
        .contains("WR-2053 tight/tight.wasm", "524288 KiB", "262144 KiB");
    assertThat(checked.find("wrong").orElseThrow().errors().get(0).describe())
        .contains("WR-6002 wrong/wrong.wasm");
    assertThat(options.cacheFolder()).doesNotExist();
  }

  /* ---- Plugins ---- */

  @Test
  void settingsOfPluginsAreCheckedLikeOurs() {
    TestingLauncher plugin = new TestingLauncher(new TestingClock());
    services.add("a", with("\"launcher\": {\"name\": \"testing\", \"mood\": \"calm\"}"));
    services.add("b", with("\"launcher\": {\"name\": \"testing\", \"mood\": \"clam\"}"));
    services.add("c", with("\"launcher\": \"testing\""));
    services.add("d", with("\"health\": {\"probe\": {\"name\": \"testing\", \"mod\": 1}}"));
    ServiceCatalogue all =
        ServiceCatalogue.load(services.options(new RuntimePlugin(), plugin).build());
    assertThat(all.find("a").orElseThrow().definition().orElseThrow().guest().launcher())
        .isEqualTo(new PluginChoice("testing", Map.of("mood", "calm")));
    assertThat(all.find("b").orElseThrow().errors().get(0).describe())
        .isEqualTo(
            "WR-2013 b/config/service.json:1:93 /launcher/mood: expected one of calm, wild, got"
                + " \"clam\". Fix: write \"calm\"");
    assertThat(all.find("c").orElseThrow().errors().get(0).describe())
        .contains("WR-2015", ":1:65 /launcher: expected the key \"mood\"");
    assertThat(all.find("d").orElseThrow().errors())
        .extracting(Violation::code)
        .containsExactlyInAnyOrder("WR-2014", "WR-2015");
  }

  @Test
  void aPluginThatFailsMakesOnlyItsServiceInvalid() {
    Plugin moody =
        new Plugin() {
          @Override
          public String name() {
            return "moody";
          }

          @Override
          public String version() {
            return "1";
          }

          @Override
          public List<LoadBalancingStrategyFactory> loadBalancingStrategies() {
            return List.of(new Moody());
          }
        };
    services.add("a", with("\"load_balancing\": \"moody\""));
    services.add("b", "{\"prefix\": \"b\", \"url\": \"http://127.0.0.1:15002\"}");
    ServiceCatalogue all =
        ServiceCatalogue.load(services.options(new RuntimePlugin(), moody).build());
    assertThat(all.find("a").orElseThrow().errors().get(0).describe())
        .contains("WR-2033", "/load_balancing", "IllegalStateException: not today");
    assertThat(all.find("b").orElseThrow().valid()).isTrue();
  }

  private static final class Moody implements LoadBalancingStrategyFactory {
    @Override
    public String name() {
      return "moody";
    }

    @Override
    public LoadBalancingStrategy create(Map<String, Object> settings) {
      throw new IllegalStateException("not today");
    }
  }

  @Test
  void aPathForAProbeThatKnowsNoneIsRefused() {
    TestingLauncher plugin = new TestingLauncher(new TestingClock());
    services.add(
        "demo",
        with(
            "\"health\": {\"path\": \"/x\", \"probe\": {\"name\": \"testing\", \"mood\":"
                + " \"calm\"}}"));
    ServiceCatalogue all =
        ServiceCatalogue.load(services.options(new RuntimePlugin(), plugin).build());
    assertThat(all.entries().get(0).errors().get(0).describe())
        .contains("WR-2036", "no path for the probe \"testing\"");
  }
}
