package io.wasmrunner.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the services may use by their own description, read with a quick look and no checks: what is
 * wrong with them is told later, by who starts them.
 *
 * @param services number of services
 * @param megabytes sum of the limits of all their runners, MiB
 */
record DeclaredMemory(int services, long megabytes) {
  private static final int MOST_SERVICES = 10_000;
  private static final int MOST_RUNNERS = 1_000;
  private static final int MOST_MEGABYTES = 4_096;
  private static final long LARGEST_FILE_BYTES = 1 << 20;

  static DeclaredMemory in(Path folder, int defaultMegabytes) {
    int services = 0;
    long megabytes = 0;
    if (!Files.isDirectory(folder)) {
      return new DeclaredMemory(0, 0);
    }
    JsonMapper json = new JsonMapper();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path service : found) {
        Path file = service.resolve("config").resolve("service.json");
        if (services < MOST_SERVICES && Files.isRegularFile(file)) {
          services++;
          megabytes += read(json, file, defaultMegabytes);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      return new DeclaredMemory(services, megabytes); // the start says why
    }
    return new DeclaredMemory(services, megabytes);
  }

  private static long read(JsonMapper json, Path file, int defaultMegabytes) {
    try {
      if (Files.size(file) > LARGEST_FILE_BYTES) {
        return 0;
      }
      JsonNode service = json.readTree(Files.readAllBytes(file));
      int limit =
          service
              .path("limits")
              .path("memory_mb")
              .asInt(service.path("memory_limit_mb").asInt(defaultMegabytes));
      return (long) clamp(service.path("runners").asInt(1), MOST_RUNNERS)
          * clamp(limit, MOST_MEGABYTES);
    } catch (IOException | JacksonException e) {
      return 0;
    }
  }

  private static int clamp(int number, int most) {
    return Math.max(0, Math.min(number, most));
  }
}
