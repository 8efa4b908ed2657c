package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.HealthProbeContext;
import io.wasmrunner.spi.ProbeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Real commands. */
final class CommandProbeTest {
  private static final Duration PATIENT = Duration.ofSeconds(60);
  private static final RunnerAddress TARGET = new RunnerAddress("127.0.0.1", 15_003);
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

  @TempDir Path folder;
  private final List<HealthProbe> probes = new ArrayList<>();

  @AfterEach
  void close() {
    probes.forEach(HealthProbe::close);
  }

  private HealthProbe make(String... command) {
    HealthProbe probe =
        new CommandProbeFactory().create(Map.of("command", List.of(command), "env", PATH));
    probes.add(probe);
    return probe;
  }

  private static CompletableFuture<ProbeResult> begin(HealthProbe probe, Duration timeout) {
    return probe.probe(TARGET, timeout).toCompletableFuture();
  }

  private ProbeResult probe(Duration timeout, String... command) throws Exception {
    return begin(make(command), timeout).get(90, TimeUnit.SECONDS);
  }

  private ProbeResult shell(String script) throws Exception {
    return probe(PATIENT, "sh", "-c", script, "sh", folder.toString());
  }

  /* ---- What is run, and what is told ---- */

  @Test
  void exitStatusZeroIsHealthyAndTheLastLineIsTold() throws Exception {
    assertThat(shell("echo one; echo two >&2; echo; exit 0")).isEqualTo(ProbeResult.healthy("two"));
    assertThat(shell("exit 0")).isEqualTo(ProbeResult.healthy("exit status 0"));
  }

  @Test
  void anotherStatusIsUnhealthy() throws Exception {
    assertThat(shell("echo no database; exit 3"))
        .isEqualTo(ProbeResult.unhealthy("exit status 3: no database"));
    assertThat(shell("kill -9 $$")).isEqualTo(ProbeResult.unhealthy("exit status 137"));
  }

  @Test
  void wordsStayWordsAndPlaceholdersAreFilled() throws Exception {
    assertThat(probe(PATIENT, "echo", "$HOME; {host}:{port} {{port} `id`"))
        .isEqualTo(ProbeResult.healthy("$HOME; 127.0.0.1:15003 {port} `id`"));
  }

  @Test
  void theEnvironmentHoldsTheAddressAndNothingOfTheHost() throws Exception {
    ProbeResult result =
        probe(
            PATIENT,
            "sh",
            "-c",
            "env | grep -v -e ^PWD -e ^_ -e ^SHLVL -e ^OLDPWD | sort | tr '\\n' ' '");
    assertThat(result)
        .isEqualTo(
            ProbeResult.healthy("PATH=/usr/bin:/bin WR_PROBE_HOST=127.0.0.1 WR_PROBE_PORT=15003"));
  }

  @Test
  void standardInputIsEmpty() throws Exception {
    assertThat(probe(PATIENT, "cat")).isEqualTo(ProbeResult.healthy("exit status 0"));
  }

  @Test
  void outputIsTakenHoweverMuchItIs() throws Exception {
    assertThat(shell("head -c 3000000 /dev/zero; echo; echo the end"))
        .isEqualTo(ProbeResult.healthy("the end"));
    assertThat(shell("head -c 3000000 /dev/zero | tr '\\0' x").detail())
        .isEqualTo("x".repeat(1024));
  }

  @Test
  void aLineIsSafeToShow() throws Exception {
    assertThat(shell("printf '\\033[31mred\\033[0m \\001 \\377\\n'"))
        .isEqualTo(ProbeResult.healthy("red \u2401 \uFFFD"));
  }

  /* ---- Time ---- */

  @Test
  void whatDoesNotEndInTimeIsKilledWithItsDescendants() throws Exception {
    ProbeResult result =
        probe(
            Duration.ofSeconds(2),
            "sh",
            "-c",
            "(trap '' TERM; sleep 1000 & echo $$ $!; wait); exit 0");
    assertThat(result.healthy()).isFalse();
    assertThat(result.detail()).matches("it did not end in 2 s: [0-9]+ [0-9]+");
    for (String pid : result.detail().split(": ", 2)[1].split(" ", -1)) {
      await().atMost(PATIENT).until(() -> !runs(Long.parseLong(pid)));
    }
  }

  @Test
  void aDescendantThatHoldsTheOutputOpenDelaysNothing() throws Exception {
    ProbeResult result = shell("sleep 1000 & echo $!");
    assertThat(result.healthy()).isTrue();
    ProcessHandle left = ProcessHandle.of(Long.parseLong(result.detail())).orElseThrow();
    assertThat(left.isAlive()).isTrue();
    left.destroyForcibly();
  }

  @Test
  void aClosedProbeKillsWhatRunsAndStartsNothing() throws Exception {
    HealthProbe probe =
        make(
            "sh",
            "-c",
            "echo $$ > \"$0/new\"; mv \"$0/new\" \"$0/pid\"; sleep 1000",
            folder.toString());
    CompletableFuture<ProbeResult> begun = begin(probe, PATIENT);
    await().atMost(PATIENT).until(() -> Files.exists(folder.resolve("pid")));
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    probe.close();
    assertThat(begun.get(30, TimeUnit.SECONDS)).isEqualTo(ProbeResult.unhealthy("exit status 137"));
    assertThat(runs(pid)).isFalse();
    assertThat(begin(probe, PATIENT).get(1, TimeUnit.SECONDS))
        .isEqualTo(ProbeResult.unhealthy("the probe is closed"));
  }

  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  /* ---- Bounds ---- */

  /** Tells how many of its kind run, and goes on when it may. */
  private HealthProbe counting() throws IOException {
    Files.createDirectory(folder.resolve("running"));
    return make(
        "sh",
        "-c",
        """
        touch "$0/running/$$"; ls "$0/running" | wc -l
        while [ ! -e "$0/go" ]; do sleep 0.05; done
        rm "$0/running/$$\"""",
        folder.toString());
  }

  private int running() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("running"))) {
      return (int) files.count();
    }
  }

  @Test
  void sixteenRunAtATimeAndOthersWaitWithinTheirTimeout() throws Exception {
    HealthProbe probe = counting();
    List<CompletableFuture<ProbeResult>> begun = new ArrayList<>();
    for (int i = 0; i < 2 * CommandProbe.AT_A_TIME; i++) {
      begun.add(begin(probe, PATIENT));
    }
    CompletableFuture<ProbeResult> hurried = begin(probe, Duration.ofMillis(1));
    await().atMost(PATIENT).until(() -> running() == CommandProbe.AT_A_TIME);
    Files.createFile(folder.resolve("go"));
    for (CompletableFuture<ProbeResult> each : begun) {
      ProbeResult result = each.get(60, TimeUnit.SECONDS);
      assertThat(result.healthy()).as(result.detail()).isTrue();
      assertThat(Integer.parseInt(result.detail())).isBetween(1, CommandProbe.AT_A_TIME);
    }
    assertThat(hurried.get(60, TimeUnit.SECONDS))
        .isEqualTo(ProbeResult.unhealthy("it waited 1 ms for other commands"));
  }

  @Test
  void whatDoesNotFitIntoTheQueueFailsAtOnce() throws Exception {
    HealthProbe probe = counting();
    List<CompletableFuture<ProbeResult>> begun = new ArrayList<>();
    for (int i = 0; i < CommandProbe.AT_A_TIME + CommandProbe.WAITING; i++) {
      begun.add(begin(probe, PATIENT));
    }
    assertThat(begin(probe, PATIENT).get(1, TimeUnit.SECONDS))
        .isEqualTo(ProbeResult.unhealthy("too many commands of this service wait"));
    assertThat(begun).noneMatch(CompletableFuture::isDone);
    probe.close();
    assertThat(begun.get(begun.size() - 1).get(60, TimeUnit.SECONDS))
        .isEqualTo(ProbeResult.unhealthy("the probe is closed"));
  }

  /* ---- What a killed wasmrunner leaves ---- */

  @Test
  void theNextStartEndsACommandOfAKilledWasmrunner() throws Exception {
    HealthProbeContext context = new HealthProbeContext(folder.resolve("state"));
    CommandProbeFactory factory = new CommandProbeFactory();
    HealthProbe probe =
        factory.create(Map.of("command", List.of("sleep", "600"), "env", PATH), context);
    probes.add(probe);
    CompletableFuture<ProbeResult> result = begin(probe, PATIENT);
    await().atMost(PATIENT).until(() -> records(context).size() == 1);

    factory.recover(context);
    assertThat(result).as("its wasmrunner lives").isNotDone();

    ProcessRecord record =
        JsonMapper.shared()
            .readValue(Files.readAllBytes(records(context).get(0)), ProcessRecord.class);
    new ProcessRecords(context.stateFolder()).add(ofNobody(record));
    factory.recover(context);
    assertThat(result.get(90, TimeUnit.SECONDS))
        .isEqualTo(ProbeResult.unhealthy("exit status 143"));
    assertThat(records(context)).isEmpty();
  }

  private static ProcessRecord ofNobody(ProcessRecord record) {
    return new ProcessRecord(
        record.pid(),
        record.started(),
        record.name(),
        record.program(),
        record.words(),
        record.digest(),
        record.ownerPid(),
        Instant.EPOCH);
  }

  private static List<Path> records(HealthProbeContext context) throws IOException {
    if (!Files.exists(context.stateFolder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(context.stateFolder())) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  /* ---- What is refused ---- */

  @ParameterizedTest
  @CsvSource({
    "echo, {prt}, did you mean {port}?",
    "echo, {module}, known are {host} and {port}",
    "echo, 'a\0b', NUL",
    "no-such-program, x, \"no-such-program\" was not found",
    "/etc/passwd, x, may not be executed"
  })
  void whatCannotRunIsRefused(String program, String argument, String fault) {
    assertThatThrownBy(() -> make(program, argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault);
  }
}
