package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that stay stopped, kept over restarts: a file with a name a line, replaced whole.
 * Blocks on files.
 */
final class DisabledServices {
  private static final Logger LOG = LoggerFactory.getLogger(DisabledServices.class);
  private static final String FILE = "disabled-services";

  private final Path file;

  DisabledServices(Path folder) {
    this.file = folder.resolve(FILE);
  }

  /** Their names; none when the file cannot be read, which is logged. */
  Set<String> read() {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      LOG.error("{} cannot be read: no service is taken for disabled", file, e);
      return Set.of();
    }
  }

  /** Remembers exactly these. */
  void write(SortedSet<String> names) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path next = file.resolveSibling(FILE + ".next");
    Files.write(next, names, StandardCharsets.UTF_8);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
