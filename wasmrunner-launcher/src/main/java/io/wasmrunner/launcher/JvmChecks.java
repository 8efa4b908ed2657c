package io.wasmrunner.launcher;

import io.wasmrunner.launcher.Patient.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the JVM fits. */
final class JvmChecks {
  private static final int NEWEST_TESTED = 26;
  private static final long LEAST_HEAP = 128L << 20;

  private JvmChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("java.version", JvmChecks::version),
        new Check("java.jit_flag", JvmChecks::jit),
        new Check("java.heap", JvmChecks::heap),
        new Check("java.encoding", JvmChecks::encoding),
        new Check("java.temporary_folder", JvmChecks::temporary));
  }

  private static Finding version(Patient patient) {
    int version = patient.jvm().version();
    return version > NEWEST_TESTED
        ? Finding.warning("java.version", "newer", version)
        : Finding.ok("java.version", version);
  }

  private static Finding jit(Patient patient) {
    Jvm jvm = patient.jvm();
    return jvm.hugeMethods() || jvm.relaunches()
        ? Finding.ok("java.jit_flag")
        : Finding.warning("java.jit_flag", "slow");
  }

  private static Finding heap(Patient patient) {
    long heap = patient.jvm().heapBytes();
    return heap < LEAST_HEAP
        ? Finding.warning("java.heap", "small", heap >> 20)
        : Finding.ok("java.heap", heap >> 20);
  }

  private static Finding encoding(Patient patient) {
    return Stream.of(patient.jvm().encoding(), patient.jvm().fileNames())
        .filter(encoding -> !encoding.toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8"))
        .findFirst()
        .map(encoding -> Finding.warning("java.encoding", "other", encoding))
        .orElseGet(() -> Finding.ok("java.encoding"));
  }

  private static Finding temporary(Patient patient) {
    Path folder = patient.jvm().temporary();
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      return Finding.error("java.temporary_folder", "unwritable", folder);
    }
    return noexec(patient.proc().resolve("mounts"), folder)
        ? Finding.warning("java.temporary_folder", "noexec", folder)
        : Finding.ok("java.temporary_folder", folder);
  }

  /** Whether no program can be run from the file system that a folder is on. */
  private static boolean noexec(Path mounts, Path folder) {
    try {
      Path real = folder.toRealPath();
      Optional<String[]> nearest = Optional.empty();
      for (String line : Files.readAllLines(mounts)) {
        String[] fields = line.split(" ", 5);
        if (fields.length == 5
            && real.startsWith(fields[1])
            && nearest.filter(found -> found[1].length() > fields[1].length()).isEmpty()) {
          nearest = Optional.of(fields);
        }
      }
      return nearest
          .filter(found -> List.of(found[3].split(",", -1)).contains("noexec"))
          .isPresent();
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return false; // no such table here
    }
  }
}
