package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs under {@code wasmrunner run}. */
final class RunCommandTest {
  private static final String TOOL =
      Wasmrunner.root().resolve("integration-tests/fixtures/tool/tool.wasm").toString();

  @TempDir Path folder;

  @Test
  void argumentsAndEnvironmentArriveAsTheyAre() {
    ProgramRun run =
        ProgramRun.of(
            folder,
            List.of(
                TOOL,
                "--env",
                "A=b=c",
                "--env",
                "C=two\nlines",
                "--",
                "show",
                "--flag",
                "@file",
                "the \"second\" arg",
                ""));

    assertThat(run.errors()).isEmpty();
    assertThat(run.text())
        .isEqualTo(
            """
            [tool.wasm]
            [show]
            [--flag]
            [@file]
            [the "second" arg]
            []
            {A=b=c}
            {C=two
            lines}
            """);
    assertThat(run.status()).isZero();
  }

  @Test
  void standardStreamsCarryEveryByte() {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);

    ProgramRun run = ProgramRun.of(folder, bytes, List.of(TOOL, "cat"));

    assertThat(run.output()).isEqualTo(bytes);
    assertThat(run.status()).isZero();
  }

  @Test
  void standardStreamsAreNotHeldBack() throws Exception {
    Process process = ProgramRun.builder(folder, List.of(TOOL, "cat")).start();
    try (BufferedReader out = reader(process)) {
      try (OutputStream in = process.getOutputStream()) {
        for (String line : List.of("one", "two")) {
          in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
          in.flush();
          assertThat(out.readLine()).isEqualTo(line);
        }
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void foldersAreWhatWasNamedAndNothingElse() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("secret"), "secret");

    assertThat(tool("--dir", "data::/d", "--", "put", "/d/new", "text").status()).isZero();
    assertThat(data.resolve("new")).hasContent("text");
    assertThat(tool("--dir", "data", "--", "cat", "data/new").text()).isEqualTo("text");
    assertThat(tool("--dir", data + "::/d:ro", "--", "list", "/d").text())
        .contains("new")
        .doesNotContain("secret");

    ProgramRun readOnly = tool("--dir", "data::/d:ro", "--", "put", "/d/other", "text");
    assertThat(readOnly.errors()).contains("/d/other: Read-only file system");
    assertThat(readOnly.status()).isEqualTo(1);
    assertThat(data.resolve("other")).doesNotExist();
    assertThat(tool("--dir", "data::/d", "--", "cat", "/d/../secret").status()).isEqualTo(1);
  }

  @Test
  void openFoldersStayTheSameWhenTheyAreMoved() throws IOException {
    Files.createDirectories(folder.resolve("data/a"));

    ProgramRun run = tool("--dir", "data::/d", "--", "moved", "/d/a", "/d/b");

    assertThat(run.status()).as(run.errors()).isZero();
    assertThat(folder.resolve("data/b/new")).isDirectory();
  }

  @Test
  void theExitStatusIsTheProgramsOwn() {
    assertThat(tool("--", "exit", "42").status()).isEqualTo(42);
  }

  @ParameterizedTest
  @CsvSource({"trap, 134, trapped", "descend, 134, stack", "fill, 137, ran out of memory"})
  void otherEndsAreToldApart(String what, int status, String words) {
    ProgramRun run = tool("--memory-mb", "4", "--", what);

    assertThat(run.status()).as(run.errors()).isEqualTo(status);
    assertThat(run.errors()).contains("tool.wasm").contains(words).doesNotContain("java.");
    if (status == 134) {
      assertThat(run.errors()).contains("\n    at ");
    }
  }

  @Test
  void whatCannotStartIsOneClearError() throws IOException {
    Path text = Files.writeString(folder.resolve("text.wasm"), "(module)");
    assertOneError(ProgramRun.of(folder, List.of(text.toString())), 1, "WR-6002");
    assertOneError(ProgramRun.of(folder, List.of("none.wasm")), 1, "WR-6001");
    assertOneError(tool("--dir", "none", "--", "show"), 1, "WR-6011");
    assertThat(tool("--env", "NAME").status()).isEqualTo(2);
    assertThat(tool("--dir", "::/d").errors()).contains("expected HOST");
  }

  private static void assertOneError(ProgramRun run, int status, String code) {
    assertThat(run.status()).as(run.errors()).isEqualTo(status);
    assertThat(run.errors()).startsWith(code).contains("Fix: ").doesNotContain("\tat ");
    assertThat(run.output()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void signalsEndIt(String signal, int status) throws Exception {
    Process process = ProgramRun.builder(folder, List.of(TOOL, "--", "loop")).start();
    try (BufferedReader out = reader(process)) {
      assertThat(out.readLine()).isEqualTo("looping");
      String pid = Long.toString(process.pid());
      assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(status);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void mayListenOnLoopback() throws Exception {
    Process process = ProgramRun.builder(folder, List.of(TOOL, "--", "greet")).start();
    try (BufferedReader out = reader(process)) {
      String[] address = out.readLine().split(" ", -1);
      assertThat(address[0]).isEqualTo("127.0.0.1");
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(address[1]))) {
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("hello");
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private ProgramRun tool(String... arguments) {
    List<String> all = new ArrayList<>(List.of(TOOL));
    all.addAll(List.of(arguments));
    return ProgramRun.of(folder, all);
  }
}
