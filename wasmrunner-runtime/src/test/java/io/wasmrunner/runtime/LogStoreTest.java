package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.LogLine.Level;
import io.wasmrunner.model.LogLine.Stream;
import io.wasmrunner.model.SystemEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log files, through the log of a service. */
final class LogStoreTest {
  private final TestingClock clock = new TestingClock();
  private final List<SystemEvent> events = new CopyOnWriteArrayList<>();
  private @TempDir Path folder;

  private LogFileSettings settings(int files, long bytes) {
    return new LogFileSettings(folder.resolve("logs"), files, bytes);
  }

  private LogStore store(LogFileSettings settings) {
    return new LogStore(settings, clock, events::add);
  }

  private ServiceLog log(LogStore store) {
    return ServiceLog.kept("demo", clock, Optional.of(store));
  }

  private LoggedOutput output(ServiceLog log, int runner) {
    LoggedOutput output = new LoggedOutput(log, runner, 1_000_000, clock, access -> {});
    output.begin();
    return output;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static LogsQuery query(Optional<Integer> runner, String text, int tail) {
    return new LogsQuery("demo", runner, Optional.empty(), text, 0, tail);
  }

  private static <T> T get(java.util.concurrent.CompletionStage<T> later) throws Exception {
    return later.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private String file() throws IOException {
    return Files.readString(folder.resolve("logs/demo/demo.log"));
  }

  /* ---- Writing ---- */

  @Test
  void aLineTellsTimeLevelRunnerGenerationStreamAndText() throws Exception {
    LogStore store = store(settings(2, 1 << 20));
    ServiceLog log = log(store);
    output(log, 3).stdout(bytes("first start\n"));
    output(log, 3).stderr(bytes("[ERROR] second start\n"));
    get(store.close());

    assertThat(file().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches("2026-11-22T10:00:00Z INFO 3 1 stdout \\d{16} first start"),
            line ->
                assertThat(line)
                    .matches("2026-11-22T10:00:00Z ERROR 3 2 stderr \\d{16} .ERROR. second start"));
  }

  @Test
  void onlyTheOwnerMayReadThem() throws Exception {
    LogStore store = store(settings(2, 1 << 20));
    log(store).host(0, Level.INFO, "x");
    get(store.close());
    Path file = folder.resolve("logs/demo/demo.log");
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }
  }

  @Test
  void brokenUtf8AHugeLineAndSecretsReachTheFileHarmless() throws Exception {
    LogStore store = store(settings(2, 1 << 20));
    ServiceLog log = log(store);
    log.hide(new SecretMask(Map.of("TOKEN", "s3cret-value")));
    LoggedOutput output = output(log, 0);
    output.stdout(ByteBuffer.wrap(new byte[] {'a', (byte) 0xff, 'b', '\n'}));
    byte[] chunk = new byte[1 << 20];
    Arrays.fill(chunk, (byte) 'x');
    for (int i = 0; i < 10; i++) {
      output.stdout(ByteBuffer.wrap(chunk));
    }
    output.stdout(bytes("\nthe token is s3cret-value\n"));
    get(store.close());

    assertThat(file())
        .contains("a\uFFFDb\n", "[cut, the line has 10485760 bytes]\n", "[secret TOKEN]")
        .doesNotContain("s3cret");
    assertThat(file().length()).isLessThan(10_000);
  }

  @Test
  void filesAreBoundedInSizeAndNumber() throws Exception {
    LogStore store = store(settings(3, 20_000));
    ServiceLog log = log(store);
    String text = "y".repeat(1000);
    for (int i = 0; i < 300; i++) {
      log.host(0, Level.INFO, text + i);
      awaitWritten(text + i);
    }
    get(store.close());

    List<Path> files = get(store(settings(3, 20_000)).files("demo"));
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("demo.log.2", "demo.log.1", "demo.log");
    for (Path file : files) {
      assertThat(Files.size(file)).isBetween(1_000L, 20_000L);
    }
    try (var all = Files.list(folder.resolve("logs/demo"))) {
      assertThat(all).hasSize(3);
    }
  }

  private void awaitWritten(String end) {
    org.awaitility.Awaitility.await()
        .pollInterval(java.time.Duration.ofMillis(1))
        .ignoreExceptions()
        .until(() -> file().endsWith(end + "\n"));
  }

  @Test
  void whatIsTooMuchIsDroppedAndCounted() throws Exception {
    LogWriter writer = new LogWriter(settings(2, 64 << 20), clock, events::add);
    int given = LogWriter.MOST_WAITING + 500;
    for (int i = 1; i <= given; i++) {
      writer.take(
          "demo", new LogLine(i, clock.instant(), 0, 1, Stream.STDOUT, Level.INFO, "n" + i));
    }
    writer.start();
    get(writer.end());

    assertThat(file().lines().filter(line -> line.contains(" stdout ")))
        .hasSize(LogWriter.MOST_WAITING);
    assertThat(file()).contains("500 lines are missing");
  }

  @Test
  void anUnwritableFolderIsOneEventAndTheMemoryGoesOn() throws Exception {
    Files.writeString(folder.resolve("logs"), "a file where the folder should be");
    LogStore store = store(settings(2, 1 << 20));
    ServiceLog log = log(store);
    for (int i = 0; i < 50; i++) {
      log.host(0, Level.INFO, "line " + i);
    }
    org.awaitility.Awaitility.await().until(() -> !events.isEmpty());
    assertThat(log.read(query(Optional.empty(), "", 100))).hasSize(50);

    Files.delete(folder.resolve("logs"));
    clock.advance(LogWriter.TRY_AGAIN.plusSeconds(1));
    log.host(0, Level.INFO, "after");
    org.awaitility.Awaitility.await().until(() -> events.size() == 2);
    get(store.close());

    assertThat(events)
        .extracting(SystemEvent::kind)
        .containsExactly(LogWriter.UNWRITABLE, LogWriter.WRITABLE);
    assertThat(file()).contains("after\n").contains("50 lines are missing");
  }

  /* ---- Reading ---- */

  @Test
  void historySurvivesARestart() throws Exception {
    LogStore before = store(settings(3, 1 << 20));
    ServiceLog old = log(before);
    output(old, 0).stdout(bytes("old zero\n"));
    output(old, 1).stdout(bytes("old one\n"));
    get(before.close());
    Files.writeString(
        folder.resolve("logs/demo/demo.log"),
        "torn by a power c",
        java.nio.file.StandardOpenOption.APPEND);

    clock.advance(java.time.Duration.ofSeconds(1));
    LogStore after = store(settings(3, 1 << 20));
    ServiceLog log = log(after);
    output(log, 0).stdout(bytes("new zero\n"));
    awaitWritten("new zero");

    assertThat(texts(after, log, query(Optional.empty(), "", 10)))
        .containsExactly("old zero", "old one", "new zero");
    assertThat(texts(after, log, query(Optional.empty(), "", 2)))
        .containsExactly("old one", "new zero");
    assertThat(texts(after, log, query(Optional.of(0), "ZERO", 10)))
        .containsExactly("old zero", "new zero");
    get(after.close());
  }

  private static List<String> texts(LogStore store, ServiceLog log, LogsQuery query)
      throws Exception {
    ServiceLog.Page held = log.page(query);
    List<LogLine> all = get(store.completed(query, held.lines(), held.oldest()));
    return all.stream().map(LogLine::text).toList();
  }

  @Test
  void aWrittenLineIsReadBackAsItWas() {
    LogLine line =
        new LogLine(7, clock.instant(), 2, 5, Stream.STDERR, Level.DEBUG, " two  blanks  ");
    assertThat(LogText.parse(LogText.of(line))).contains(line);
    assertThat(LogText.parse("x y z")).isEmpty();
    assertThat(LogText.parse("2026-11-22T10:00:00Z LOUD 0 1 stdout 1 x")).isEmpty();
  }
}
