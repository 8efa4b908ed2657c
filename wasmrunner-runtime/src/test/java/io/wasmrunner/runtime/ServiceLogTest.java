package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.LogLine.Level;
import io.wasmrunner.model.LogLine.Stream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceLogTest {
  private final TestingClock clock = new TestingClock();
  private final ServiceLog log = new ServiceLog("demo", clock);
  private final LoggedOutput output = new LoggedOutput(log, 1, 100_000, clock, access -> {});

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<LogLine> all() {
    return log.read(query(Optional.empty(), Optional.empty(), "", 0, 10_000));
  }

  private List<String> texts() {
    return all().stream().map(LogLine::text).toList();
  }

  private static LogsQuery query(
      Optional<Integer> runner, Optional<Level> level, String text, long after, int tail) {
    return new LogsQuery("demo", runner, level, text, after, tail);
  }

  /* ---- Lines ---- */

  @Test
  void linesCarryTimeRunnerStreamAndLevel() {
    output.begin();
    output.stdout(bytes("hel"));
    output.stdout(bytes("lo\r\n[ERROR] bad\nrest"));
    output.stderr(bytes("oops\n"));
    output.host("listens");
    output.end();
    assertThat(all())
        .containsExactly(
            line(1, Stream.STDOUT, Level.INFO, "hello"),
            line(2, Stream.STDOUT, Level.ERROR, "[ERROR] bad"),
            line(3, Stream.STDERR, Level.WARN, "oops"),
            line(4, Stream.HOST, Level.INFO, "listens"),
            line(5, Stream.STDOUT, Level.INFO, "rest"));
  }

  private LogLine line(long sequence, Stream stream, Level level, String text) {
    return new LogLine(sequence, clock.instant(), 1, 1, stream, level, text);
  }

  @Test
  void brokenUtf8EndsNothing() {
    output.stdout(ByteBuffer.wrap(new byte[] {'a', (byte) 0xff, 'b', '\n', 'c', '\n'}));
    assertThat(texts()).containsExactly("a\uFFFDb", "c");
  }

  @Test
  void aCharacterSplitOverTwoWritesStaysWhole() {
    byte[] euro = "€\n".getBytes(StandardCharsets.UTF_8);
    output.stdout(ByteBuffer.wrap(euro, 0, 1));
    output.stdout(ByteBuffer.wrap(euro, 1, euro.length - 1));
    assertThat(texts()).containsExactly("€");
  }

  @Test
  void aHugeLineIsCutWithAMark() {
    byte[] chunk = "ä".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 100; i++) {
      output.stdout(ByteBuffer.wrap(chunk));
    }
    output.stdout(bytes("\nnext\n"));
    assertThat(texts()).hasSize(2);
    assertThat(texts().get(0))
        .startsWith("ääää")
        .endsWith("ä … [cut, the line has 10000000 bytes]")
        .doesNotContain("\uFFFD")
        .satisfies(
            text ->
                assertThat(text.getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThanOrEqualTo(CleanText.LIMIT));
    assertThat(texts().get(1)).isEqualTo("next");
  }

  @Test
  void nothingSteersATerminal() {
    output.stdout(
        bytes("\u001B[31mred\u001B[0m \u001B]0;title\u0007a\u0008b\tc\rd\u009Be \u202Etxt.exe\n"));
    assertThat(texts()).containsExactly("red a\u2408b\tc\u240Dd\uFFFDe \uFFFDtxt.exe");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[ERROR] x | ERROR",
        "[warn] x | WARN",
        "WARNING: x | WARN",
        "INFO x | INFO",
        "DEBUG: x | DEBUG",
        "[2026-11-22T10:00:00Z TRACE hyper] x | TRACE",
        "2026-11-22T10:00:00.123456Z ERROR hyper: x | ERROR",
        "[users] 3 errors | INFO",
        "[2026] x | INFO",
        "Error handling is on | INFO",
        "ERRORS are counted | INFO",
        "information | INFO"
      })
  void onlyKnownLevelsAreLevels(String text, Level level) {
    output.stdout(bytes(text + "\n"));
    assertThat(all()).singleElement().extracting(LogLine::level).isEqualTo(level);
  }

  @Test
  void coloursDoNotHideTheLevel() {
    output.stdout(bytes("\u001B[31mERROR\u001B[0m broken\n"));
    assertThat(all()).singleElement().extracting(LogLine::level).isEqualTo(Level.ERROR);
  }

  /* ---- Bounds ---- */

  @Test
  void keepsTheLastLines() {
    for (int i = 1; i <= ServiceLog.MAX_LINES + 10; i++) {
      output.stdout(bytes("line " + i + "\n"));
    }
    assertThat(texts()).hasSize(ServiceLog.MAX_LINES).startsWith("line 11").endsWith("line 2010");
  }

  @Test
  void keepsNoMoreThanItsBytes() {
    for (int i = 0; i < 1000; i++) {
      output.stdout(bytes("x".repeat(8000) + "\n"));
    }
    assertThat(texts()).hasSize(ServiceLog.MAX_BYTES / (2 * 8000 + 64));
  }

  @Test
  void aFloodIsCutOffForTheRestOfEachSecondAndCounted() {
    LoggedOutput flooding = new LoggedOutput(log, 2, 1, clock, access -> {});
    for (int i = 0; i < 100; i++) {
      flooding.stdout(bytes("x".repeat(64) + "\n")); // eight times 128 bytes are a KiB
    }
    assertThat(texts()).hasSize(8);
    assertThat(flooding.droppedLines()).isEqualTo(92);
    clock.advance(Duration.ofSeconds(1));
    flooding.stderr(bytes("calm again\n\n"));
    assertThat(texts().subList(8, texts().size()))
        .containsExactly(
            "… 92 lines dropped, more than 1 KiB in a second (limits.output_kb_per_second)",
            "calm again",
            "");
    assertThat(flooding.droppedLines()).isEqualTo(92);
  }

  @Test
  void emptyLinesAreNotFree() {
    LoggedOutput flooding = new LoggedOutput(log, 2, 1, clock, access -> {});
    flooding.stdout(bytes("\n".repeat(1000)));
    assertThat(texts()).hasSize(16);
  }

  @Test
  void whatWasDroppedLastIsToldAtTheEnd() {
    LoggedOutput flooding = new LoggedOutput(log, 2, 1, clock, access -> {});
    flooding.stdout(bytes("y".repeat(5000) + "\nlost\nlost, too"));
    flooding.end();
    assertThat(all()).hasSize(2);
    assertThat(all().get(1))
        .satisfies(line -> assertThat(line.text()).startsWith("… 2 lines dropped"))
        .satisfies(line -> assertThat(line.level()).isEqualTo(Level.WARN));
  }

  /* ---- Questions ---- */

  @Test
  void filtersAndGoesOnWhereAReaderWas() {
    LoggedOutput other = new LoggedOutput(log, 0, 100_000, clock, access -> {});
    output.stdout(bytes("INFO one\n"));
    other.stdout(bytes("ERROR two\n"));
    output.stdout(bytes("WARN Three\n"));
    output.stdout(bytes("DEBUG four\n"));
    assertThat(read(query(Optional.of(0), Optional.empty(), "", 0, 10))).containsExactly(2L);
    assertThat(read(query(Optional.empty(), Optional.of(Level.WARN), "", 0, 10)))
        .containsExactly(2L, 3L);
    assertThat(read(query(Optional.empty(), Optional.empty(), "three", 0, 10))).containsExactly(3L);
    assertThat(read(query(Optional.empty(), Optional.empty(), "", 2, 10))).containsExactly(3L, 4L);
    assertThat(read(query(Optional.empty(), Optional.empty(), "", 0, 2))).containsExactly(3L, 4L);
  }

  private List<Long> read(LogsQuery query) {
    return log.read(query).stream().map(LogLine::sequence).toList();
  }
}
