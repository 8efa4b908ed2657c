package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerActivity;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.Access.Operation;
import io.wasmrunner.spi.RunnerUsage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuestFramesTest {
  private final ByteArrayOutputStream pipe = new ByteArrayOutputStream();
  private final GuestFrames.Writer writer = new GuestFrames.Writer(pipe);
  private final List<String> heard = new ArrayList<>();

  private final GuestFrames.Listener listener =
      new GuestFrames.Listener() {
        @Override
        public void stdout(ByteBuffer bytes) {
          heard.add("stdout " + StandardCharsets.UTF_8.decode(bytes));
        }

        @Override
        public void stderr(ByteBuffer bytes) {
          heard.add("stderr " + StandardCharsets.UTF_8.decode(bytes));
        }

        @Override
        public void host(String line) {
          heard.add("host " + line);
        }

        @Override
        public void accessed(Access access) {
          heard.add("access " + access);
        }

        @Override
        public void usage(RunnerUsage usage) {
          heard.add("usage " + usage);
        }

        @Override
        public void exit(GuestFrames.Exit exit) {
          heard.add("exit " + exit);
        }
      };

  private void read() throws IOException {
    GuestFrames.read(new ByteArrayInputStream(pipe.toByteArray()), listener);
  }

  @Test
  void whatIsWrittenIsHeardInOrder() throws IOException {
    RunnerUsage usage =
        new RunnerUsage(
            1,
            2,
            3,
            Duration.ofMillis(4),
            Duration.ofSeconds(5),
            Duration.ofNanos(6),
            "compiled",
            new RunnerActivity(
                Duration.ofMillis(7),
                8,
                9,
                10,
                "fd_read",
                Map.of("fd_read", new CallCount(11, 1))));
    GuestFrames.Exit exit =
        new GuestFrames.Exit(ExitCause.TRAP, "why", OptionalInt.of(-1), List.of("b", "a"));
    Access access =
        new Access(Operation.CONNECT, "192.0.2.1:80", List.of("192.0.2.1"), Optional.of("no"));
    writer.stdout(ByteBuffer.wrap("hola".getBytes(StandardCharsets.UTF_8)));
    writer.usage(usage);
    writer.stderr(ByteBuffer.wrap("mal".getBytes(StandardCharsets.UTF_8)));
    writer.host("listens");
    writer.accessed(access);
    writer.exit(exit);
    read();
    assertThat(heard)
        .containsExactly(
            "stdout hola",
            "usage " + usage,
            "stderr mal",
            "host listens",
            "access " + access,
            "exit " + exit);
  }

  @Test
  void aGuestThatPrintsFramesOnlyPrints() throws IOException {
    ByteArrayOutputStream forged = new ByteArrayOutputStream();
    new GuestFrames.Writer(forged)
        .exit(
            new GuestFrames.Exit(ExitCause.COMPLETED, "all is well", OptionalInt.of(0), List.of()));
    writer.stdout(ByteBuffer.wrap(forged.toByteArray()));
    read();
    assertThat(heard).singleElement().asString().startsWith("stdout ");
  }

  @Test
  void largeOutputComesInPieces() throws IOException {
    writer.stdout(ByteBuffer.allocate(GuestFrames.LARGEST * 2 + 1));
    read();
    assertThat(heard).hasSize(3);
  }

  @Test
  void longDetailsAreCut() throws IOException {
    List<String> frames = Collections.nCopies(100, "y".repeat(1_000));
    writer.exit(
        new GuestFrames.Exit(ExitCause.TRAP, "x".repeat(100_000), OptionalInt.empty(), frames));
    read();
    assertThat(heard)
        .singleElement()
        .asString()
        .contains("[cut, the line has 100000 bytes]")
        .as("rather without the functions than not at all")
        .endsWith("backtrace=[]]");
  }

  @Test
  void whatIsTooLargeIsLeftOut() throws IOException {
    String name = "x".repeat(GuestFrames.LARGEST);
    writer.accessed(new Access(Operation.RESOLVE, name, List.of(name), Optional.empty()));
    read();
    assertThat(heard).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {GuestFrames.LARGEST + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
  void aFrameOfAnyOtherSizeIsBroken(int length) {
    pipe.writeBytes(ByteBuffer.allocate(5).put((byte) 1).putInt(length).array());
    assertThatThrownBy(this::read).isInstanceOf(GuestFrames.BrokenException.class);
  }

  @Test
  void anotherKindOrAnotherTextIsBroken() {
    pipe.writeBytes("OpenJDK warning: something that is no frame".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(this::read).isInstanceOf(GuestFrames.BrokenException.class);
    pipe.reset();
    pipe.writeBytes(ByteBuffer.allocate(5).put((byte) 9).putInt(0).array());
    assertThatThrownBy(this::read).isInstanceOf(GuestFrames.BrokenException.class);
  }

  @Test
  void anEndWithinAFrameIsNoFrame() {
    pipe.writeBytes(ByteBuffer.allocate(6).put((byte) 1).putInt(2).array());
    assertThatThrownBy(this::read).isInstanceOf(EOFException.class);
    assertThat(heard).isEmpty();
  }
}
