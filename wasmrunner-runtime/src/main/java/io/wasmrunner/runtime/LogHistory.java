package io.wasmrunner.runtime;

import io.wasmrunner.bus.LogsQuery;
import io.wasmrunner.model.LogLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Reads lines back from log files. Blocks. */
final class LogHistory {
  private LogHistory() {}

  /**
   * The newest lines that fit the question and are older than a sequence, oldest first. Never holds
   * more than those asked for.
   */
  static List<LogLine> read(List<Path> oldestFirst, LogsQuery query, long before, int most)
      throws IOException {
    LogFilter filter = new LogFilter(query);
    List<LogLine> found = new ArrayList<>();
    for (int i = oldestFirst.size() - 1; i >= 0 && found.size() < most; i--) {
      found.addAll(0, newest(oldestFirst.get(i), filter, before, most - found.size()));
    }
    return found;
  }

  private static Deque<LogLine> newest(Path file, LogFilter filter, long before, int most)
      throws IOException {
    Deque<LogLine> kept = new ArrayDeque<>();
    // The decoder of a Reader replaces what is broken; that of Files.lines would fail.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        LogText.parse(text)
            .filter(line -> line.sequence() < before && filter.wants(line))
            .ifPresent(kept::addLast);
        if (kept.size() > most) {
          kept.removeFirst();
        }
      }
    } catch (NoSuchFileException e) {
      return kept; // rotated away just now
    }
    return kept;
  }
}
