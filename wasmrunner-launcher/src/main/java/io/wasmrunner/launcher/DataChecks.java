package io.wasmrunner.launcher;

import io.wasmrunner.runtime.Preflight;
import io.wasmrunner.scheduler.StoreCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether what is kept can be kept, and is whole. */
final class DataChecks {
  private static final long FULL = 100L << 20;
  private static final long LOW = 1L << 30;

  private DataChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("data.folder", DataChecks::folder),
        new Check("data.permissions", DataChecks::permissions),
        new Check("data.disk", DataChecks::disk),
        new Check("data.database", DataChecks::database),
        new Check("data.cache", DataChecks::cache),
        new Check("data.logs", DataChecks::logs),
        new Check("data.processes", DataChecks::processes));
  }

  /** The folder, or the nearest one above that there is. */
  private static Optional<Path> nearest(Patient patient) {
    Optional<Path> folder = patient.data();
    while (folder.isPresent() && !Files.exists(folder.get())) {
      folder = Optional.ofNullable(folder.get().getParent());
    }
    return folder;
  }

  private static Finding folder(Patient patient) {
    Optional<Path> nearest = nearest(patient);
    if (nearest.isEmpty()) {
      return Finding.skipped("data.folder", "unknown");
    }
    return Files.isDirectory(nearest.get()) && Files.isWritable(nearest.get())
        ? Finding.ok("data.folder", patient.data().orElse(nearest.get()))
        : Finding.error("data.folder", "unwritable", nearest.get());
  }

  private static Finding permissions(Patient patient) {
    Optional<Path> data = patient.data().filter(Files::isDirectory);
    if (data.isEmpty()) {
      return Finding.skipped("data.permissions", "absent");
    }
    try {
      Set<PosixFilePermission> granted = Files.getPosixFilePermissions(data.get());
      return granted.contains(PosixFilePermission.OTHERS_WRITE)
          ? Finding.warning("data.permissions", "open", data.get())
          : Finding.ok("data.permissions");
    } catch (IOException | UnsupportedOperationException e) {
      return Finding.skipped("data.permissions", "unknown");
    }
  }

  private static Finding disk(Patient patient) {
    Optional<Path> nearest = nearest(patient);
    if (nearest.isEmpty()) {
      return Finding.skipped("data.disk", "unknown");
    }
    try {
      return disk(Files.getFileStore(nearest.get()).getUsableSpace());
    } catch (IOException e) {
      return Finding.skipped("data.disk", "unknown");
    }
  }

  /** What so much free space means. */
  static Finding disk(long free) {
    if (free < FULL) {
      return Finding.error("data.disk", "full", free >> 20);
    }
    return free < LOW
        ? Finding.warning("data.disk", "low", free >> 20)
        : Finding.ok("data.disk", free >> 20);
  }

  private static Finding database(Patient patient) {
    Optional<Path> data = patient.data().filter(StoreCheck::exists);
    if (data.isEmpty()) {
      return Finding.skipped("data.database", "absent");
    }
    return StoreCheck.problem(data.get())
        .map(problem -> Finding.error("data.database", "damaged", problem))
        .orElseGet(() -> Finding.ok("data.database"));
  }

  private static Finding cache(Patient patient) {
    Optional<Path> cache =
        patient.data().map(data -> data.resolve("cache")).filter(Files::isDirectory);
    if (cache.isEmpty()) {
      return Finding.skipped("data.cache", "absent");
    }
    try {
      Preflight.Cache state = Preflight.cache(cache.get(), patient.clock());
      return state.damaged().isEmpty()
          ? Finding.ok("data.cache", state.entries(), state.bytes() >> 20)
          : Finding.warning("data.cache", "damaged", state.damaged().size(), cache.get());
    } catch (IOException e) {
      return Finding.error("data.cache", "unreadable", e);
    }
  }

  private static Finding logs(Patient patient) {
    Optional<Path> logs = patient.data().map(data -> data.resolve("logs")).filter(Files::exists);
    if (logs.isEmpty()) {
      return Finding.skipped("data.logs", "absent");
    }
    return Files.isDirectory(logs.get()) && Files.isWritable(logs.get())
        ? Finding.ok("data.logs")
        : Finding.warning("data.logs", "unwritable", logs.get());
  }

  private static Finding processes(Patient patient) {
    Optional<Path> records =
        patient.data().map(data -> data.resolve("processes")).filter(Files::isDirectory);
    List<String> left = records.map(Preflight::leftovers).orElse(List.of());
    return left.isEmpty()
        ? Finding.ok("data.processes")
        : Finding.warning("data.processes", "left", String.join("; ", left));
  }
}
