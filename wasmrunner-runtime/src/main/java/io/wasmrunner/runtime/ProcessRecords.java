package io.wasmrunner.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers the running child processes in a folder, one file each, and ends those that a killed
 * wasmrunner left behind. Thread-safe; several processes may share a folder.
 */
final class ProcessRecords {
  static final String LEFTOVER = "WR-2075";
  static final String NOT_RECORDED = "WR-2076";

  private static final Logger LOG = LoggerFactory.getLogger(ProcessRecords.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SUFFIX = ".json";
  private static final int LARGEST_BYTES = 64 << 10;

  private final Path folder;

  ProcessRecords(Path folder) {
    this.folder = folder;
  }

  /** Remembers a process; one that cannot be is only reported. */
  void add(ProcessRecord record) {
    try {
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, "new", ".tmp");
      Files.write(temporary, JSON.writeValueAsBytes(record));
      Files.move(temporary, file(record.pid()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn(
          "{}: process {} of {} could not be recorded in {}: if wasmrunner is killed, it stays",
          NOT_RECORDED,
          record.pid(),
          record.name(),
          folder,
          e);
    }
  }

  /** Forgets a process that has ended. */
  void remove(long pid) {
    delete(file(pid));
  }

  /**
   * Ends the processes that are still there although their wasmrunner is not. Blocks, for at most
   * some seconds.
   */
  void endLeftovers() {
    List<ProcessTree> leftovers = new ArrayList<>();
    for (Path file : files()) {
      read(file)
          .ifPresentOrElse(
              record -> {
                if (!record.ownerAlive()) {
                  leftover(record).ifPresent(leftovers::add);
                  delete(file);
                }
              },
              () -> delete(file));
    }
    leftovers.forEach(ProcessTree::terminate);
    leftovers.forEach(ProcessTree::awaitEnd);
  }

  /** Those that {@link #endLeftovers} would end, for people; changes nothing. */
  List<String> leftovers() {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      read(file)
          .filter(record -> !record.ownerAlive())
          .filter(record -> record.alive().filter(record::runsSameCommand).isPresent())
          .ifPresent(
              record ->
                  found.add(
                      "process %d (%s) of %s"
                          .formatted(
                              record.pid(),
                              CleanText.of(record.program()),
                              CleanText.of(record.name()))));
    }
    return found;
  }

  private static Optional<ProcessTree> leftover(ProcessRecord record) {
    Optional<ProcessHandle> process = record.alive();
    if (process.isEmpty()) {
      return Optional.empty();
    }
    String what = "process %d (%s)".formatted(record.pid(), CleanText.of(record.program()));
    String whose = CleanText.of(record.name());
    if (!record.runsSameCommand(process.get())) {
      LOG.warn(
          "{}: {}, once started for {}, runs another command now and is left alone",
          LEFTOVER,
          what,
          whose);
      return Optional.empty();
    }
    LOG.warn(
        "{}: {} of {} was left running by a wasmrunner that was killed; it is ended now",
        LEFTOVER,
        what,
        whose);
    return Optional.of(new ProcessTree(process.get()));
  }

  private List<Path> files() {
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(file -> file.toString().endsWith(SUFFIX)).toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{}: {} cannot be read; processes may be left running", LEFTOVER, folder, e);
      return List.of();
    }
  }

  private static Optional<ProcessRecord> read(Path file) {
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        throw new IOException("larger than a record can be");
      }
      return Optional.of(JSON.readValue(Files.readAllBytes(file), ProcessRecord.class));
    } catch (IOException | JacksonException e) {
      LOG.warn("{}: {} is no record of a process and is removed", LEFTOVER, file, e);
      return Optional.empty();
    }
  }

  private Path file(long pid) {
    return folder.resolve(pid + SUFFIX);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed", file, e);
    }
  }
}
