package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessRecordsTest {
  private static final List<String> COMMAND = List.of("/bin/sleep", "600");

  @TempDir Path folder;
  private ProcessRecords records;
  private Process process;
  private long goneOwner;

  @BeforeEach
  void start() throws Exception {
    records = new ProcessRecords(folder.resolve("processes"));
    process = new ProcessBuilder(COMMAND).start();
    Process owner = new ProcessBuilder("/bin/true").start();
    assertThat(owner.waitFor(60, TimeUnit.SECONDS)).isTrue();
    goneOwner = owner.pid();
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  private ProcessRecord record() {
    return ProcessRecord.of(process.toHandle(), "hello/0", COMMAND);
  }

  private ProcessRecord ofGoneOwner(ProcessRecord record) {
    return new ProcessRecord(
        record.pid(),
        record.started(),
        record.name(),
        record.program(),
        record.words(),
        record.digest(),
        goneOwner,
        Instant.EPOCH);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder.resolve("processes"))) {
      return files.toList();
    }
  }

  @Test
  void aProcessWhoseOwnerHasGoneIsEnded() throws Exception {
    records.add(ofGoneOwner(record()));
    new ProcessRecords(folder.resolve("processes")).endLeftovers();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(files()).isEmpty();
  }

  @Test
  void aProcessOfAnOwnerThatLivesIsLeftAlone() throws IOException {
    records.add(record());
    records.endLeftovers();
    assertThat(process.isAlive()).isTrue();
    assertThat(files()).hasSize(1);
  }

  @Test
  void anotherProcessWithTheSameIdIsLeftAlone() throws IOException {
    ProcessRecord record = ofGoneOwner(record());
    records.add(
        new ProcessRecord(
            record.pid(),
            record.started().minusSeconds(5),
            record.name(),
            record.program(),
            record.words(),
            record.digest(),
            record.ownerPid(),
            record.ownerStarted()));
    records.endLeftovers();
    assertThat(process.isAlive()).isTrue();
    assertThat(files()).isEmpty();
  }

  @Test
  void aProcessThatRunsAnotherCommandIsLeftAlone() throws IOException {
    ProcessRecord other =
        ProcessRecord.of(process.toHandle(), "hello/0", List.of("/bin/sleep", "601"));
    records.add(ofGoneOwner(other));
    records.endLeftovers();
    assertThat(process.isAlive()).isTrue();
    assertThat(files()).isEmpty();
  }

  @Test
  void aScriptIsRecognisedBehindItsInterpreter() throws Exception {
    Path script = Files.writeString(folder.resolve("run.sh"), "#!/bin/sh\nread nothing\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    List<String> command = List.of(script.toString(), "argument");
    Process running = new ProcessBuilder(command).start();
    try {
      records.add(ofGoneOwner(ProcessRecord.of(running.toHandle(), "hello/0", command)));
      records.endLeftovers();
      assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      running.destroyForcibly();
    }
  }

  @Test
  void whatIsNoRecordIsRemoved() throws IOException {
    Files.createDirectories(folder.resolve("processes"));
    Files.writeString(folder.resolve("processes/1.json"), "{\"pid\": \"one\"}");
    Files.writeString(folder.resolve("processes/2.json"), "[".repeat(10_000));
    records.endLeftovers();
    assertThat(files()).isEmpty();
  }

  @Test
  void withoutAFolderThereIsNothingToDo() {
    records.endLeftovers();
    records.remove(1);
    assertThat(folder.resolve("processes")).doesNotExist();
  }
}
