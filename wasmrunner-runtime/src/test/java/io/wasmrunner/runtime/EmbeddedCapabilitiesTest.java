package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.EventOccurred;
import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.CapabilityStatus.Denial;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.ServiceState;
import io.wasmrunner.model.SystemEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real module that tries what needs capabilities, with a block and without. */
final class EmbeddedCapabilitiesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path REACHER =
      Path.of("..", "integration-tests", "fixtures", "reacher", "reacher.wasm");
  private static final int FREE = TestingServices.freePorts(1);
  private static final int OPEN = TestingServices.freePorts(2);
  private static final int CLOSED = TestingServices.freePorts(1);
  private static final int ACCESS = 2;
  private static final int REFUSED = 14;
  private static final int READ_ONLY = 69;
  private static final String SECRET = "correct horse battery staple";

  @TempDir static Path folder;
  private static final List<SystemEvent> events = new CopyOnWriteArrayList<>();
  private static ServerSocket entryPoint;
  private static ServerSocket target;
  private static TestingRuntime runtime;

  @BeforeAll
  static void start() throws IOException {
    entryPoint = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TestingServices services = new TestingServices(folder.resolve("services"));
    services.file("closed/files/hello", "hello");
    services.file("closed/spool/first", "first");
    TestingRuntime.add(services, "open", REACHER, OPEN, ", \"runners\": 2");
    TestingRuntime.add(
        services,
        "closed",
        REACHER,
        CLOSED,
        """
        , "secrets": {"TOKEN": {"env": "OURS"}},
        "capabilities": {"outbound": ["localhost:%d", "192.0.2.0/24"],
          "preopens": [{"host": "files", "guest": "/files"},
                       {"host": "spool", "guest": "/spool", "read_only": false}]}"""
            .formatted(target.getLocalPort()));
    runtime =
        new TestingRuntime(
            services
                .options(new RuntimePlugin())
                .runnerBaseUrl("http://127.0.0.1:" + entryPoint.getLocalPort())
                .variables(name -> name.equals("OURS") ? Optional.of(SECRET) : Optional.empty())
                .build());
    runtime.bus.subscribe(
        BusAddress.EVENT_OCCURRED, EventOccurred.class, message -> events.add(message.event()));
    for (String service : List.of("open", "closed")) {
      await()
          .atMost(PATIENCE)
          .until(() -> runtime.service(service).state() == ServiceState.READY && compiled(service));
    }
  }

  private static boolean compiled(String service) {
    return runtime.service(service).runners().stream()
        .allMatch(r -> r.code().equals("compiled") && r.state() == RunnerState.READY);
  }

  @AfterAll
  static void stop() throws IOException {
    runtime.undeploy();
    runtime.close();
    entryPoint.close();
    target.close();
  }

  private static int errno(int port, String path) {
    String answer = runtime.get(port, path);
    return Integer.parseInt(answer.replaceAll(".*\"errno\":(\\d+).*", "$1"));
  }

  private static Optional<Denial> denial(String service, String target) {
    return runtime.service(service).capabilities().denied().stream()
        .filter(denial -> denial.target().contains(target))
        .findFirst();
  }

  private static void awaitEvent(String service, String... texts) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(events)
                    .anySatisfy(
                        event -> {
                          assertThat(event.kind()).isEqualTo(DenialText.EVENT);
                          assertThat(event.service()).contains(service);
                          assertThat(event.message()).contains(texts);
                        }));
  }

  @Test
  void withoutABlockItRunsAndTheBlockIsSuggested() {
    assertThat(errno(OPEN, "/connect?address=127.0.0.1&port=" + entryPoint.getLocalPort()))
        .isZero();
    assertThat(errno(OPEN, "/call?name=LOCALHOST&port=" + target.getLocalPort())).isZero();
    assertThat(errno(OPEN, "/connect?address=127.0.0.9&port=" + FREE)).isEqualTo(REFUSED);
    assertThat(errno(OPEN, "/bind?port=" + FREE)).isZero();
    assertThat(errno(OPEN, "/bind?port=" + (OPEN + 1))).isEqualTo(ACCESS);
    assertThat(errno(OPEN, "/send?address=127.0.0.9&port=" + FREE)).isZero();
    CapabilityStatus seen = runtime.service("open").capabilities();
    assertThat(seen.restricted()).isFalse();
    assertThat(seen.outbound())
        .containsExactly("127.0.0.9:" + FREE, "localhost:" + target.getLocalPort());
    assertThat(seen.inbound()).containsExactly(FREE);
    assertThat(seen.suggestion()).contains("\"localhost:" + target.getLocalPort() + "\"");
  }

  @Test
  void metadataIsRefusedWithoutABlock() {
    assertThat(errno(OPEN, "/connect?address=169.254.169.254&port=80")).isEqualTo(ACCESS);
    assertThat(errno(OPEN, "/send?address=169.254.169.254&port=80")).isEqualTo(ACCESS);
    assertThat(denial("open", "169.254.169.254"))
        .hasValueSatisfying(denial -> assertThat(denial.add()).isEmpty());
    awaitEvent("open", "169.254.169.254:80", "metadata", "nothing in service.json can allow it");
  }

  @Test
  void withABlockTheEntryPointAndWhatIsListedAreReached() {
    assertThat(errno(CLOSED, "/connect?address=127.0.0.1&port=" + entryPoint.getLocalPort()))
        .isZero();
    assertThat(errno(CLOSED, "/call?name=localhost.&port=" + target.getLocalPort())).isZero();
    assertThat(errno(CLOSED, "/call?name=127.0.0.1&port=" + entryPoint.getLocalPort())).isZero();
  }

  @Test
  void whatIsNotListedIsDeniedWithTheLineToAdd() {
    assertThat(errno(CLOSED, "/connect?address=127.0.0.1&port=" + FREE)).isEqualTo(ACCESS);
    awaitEvent(
        "closed",
        "connect to",
        ":" + FREE,
        "add to service.json: \"capabilities\": {\"outbound\": [\"localhost:" + FREE + "\"]}");
    assertThat(errno(CLOSED, "/send?address=127.0.0.7&port=53")).isEqualTo(ACCESS);
    awaitEvent("closed", "{\"outbound\": [\"127.0.0.7:53\"]}");
    assertThat(errno(CLOSED, "/bind?port=" + FREE)).isEqualTo(ACCESS);
    assertThat(errno(CLOSED, "/bind-udp?port=" + FREE)).isEqualTo(ACCESS);
    awaitEvent("closed", "listen on", "{\"inbound\": [" + FREE + "]}");
    assertThat(runtime.log("closed"))
        .anyMatch(line -> line.startsWith("0 HOST WARN was not allow"));
  }

  @Test
  void aNameThatIsNotListedIsNotLookedUpAndCounted() {
    for (int i = 0; i < 3; i++) {
      assertThat(errno(CLOSED, "/call?name=unlisted.test&port=443")).isEqualTo(ACCESS);
    }
    assertThat(denial("closed", "unlisted.test"))
        .hasValueSatisfying(denial -> assertThat(denial.count()).isEqualTo(3));
    awaitEvent("closed", "look up unlisted.test", "[\"unlisted.test\"]");
    assertThat(events.stream().filter(event -> event.message().contains("unlisted.test")))
        .hasSize(1);
  }

  @Test
  void foldersAreSeenAsListedAndNothingElseOfTheMachine() {
    assertThat(runtime.get(CLOSED, "/read?path=/files/hello"))
        .isEqualTo("{\"errno\":0,\"content\":\"hello\"}");
    assertThat(errno(CLOSED, "/write?path=/files/hello")).isEqualTo(READ_ONLY);
    assertThat(errno(CLOSED, "/write?path=/spool/second")).isZero();
    assertThat(runtime.get(CLOSED, "/read?path=/spool/second")).contains("\"written\"");
    assertThat(folder.resolve("services/closed/spool/second")).hasContent("written");
    assertThat(errno(CLOSED, "/read?path=/files/../config/service.json")).isPositive();
    awaitEvent(
        "closed", "change things in /files", "\"guest\": \"/files\", \"read_only\": false}]}");
    awaitEvent("closed", "read ../config/service.json in /files", "leads out of the folder");
    assertThat(runtime.service("closed").capabilities().suggestion())
        .contains("\"guest\": \"/files\", \"read_only\": true")
        .contains("\"guest\": \"/spool\", \"read_only\": false");
    assertThat(errno(CLOSED, "/read?path=/etc/hostname")).isPositive();
    assertThat(errno(OPEN, "/read?path=/files/hello")).isPositive();
  }

  @Test
  void aSecretReachesTheGuestAndNobodyElse() {
    assertThat(errno(CLOSED, "/print?env=TOKEN")).isZero();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(runtime.log("closed"))
                    .contains(
                        "0 STDOUT INFO [INFO] [secret TOKEN]",
                        "0 STDERR ERROR [ERROR] [secret TOKEN]"));
    assertThat(runtime.service("closed").toString()).doesNotContain(SECRET);
    assertThat(String.join("\n", runtime.log("closed"))).doesNotContain(SECRET);
  }
}
