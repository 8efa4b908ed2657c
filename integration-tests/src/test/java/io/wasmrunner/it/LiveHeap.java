package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is alive in the heap of another JVM.
 *
 * @param bytes of everything
 * @param byClass bytes by class
 */
record LiveHeap(long bytes, Map<String, Long> byClass) {
  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");
  private static final int MOST_LISTED = 15;

  /** Collects all garbage of a process, then looks. */
  static LiveHeap of(long pid) {
    Map<String, Long> byClass = new HashMap<>();
    long total = 0;
    for (String line : histogram(pid).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        long bytes = Long.parseLong(matcher.group(1));
        byClass.merge(matcher.group(2), bytes, Long::sum);
        total += bytes;
      }
    }
    assertThat(total).as("bytes of live objects").isPositive();
    return new LiveHeap(total, byClass);
  }

  private static String histogram(long pid) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(text).isZero();
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The classes that take most since then. */
  String growthSince(LiveHeap before) {
    return byClass.entrySet().stream()
        .map(
            entry ->
                Map.entry(
                    entry.getKey(),
                    entry.getValue() - before.byClass.getOrDefault(entry.getKey(), 0L)))
        .filter(entry -> entry.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_LISTED)
        .map(entry -> "%+d %s".formatted(entry.getValue(), entry.getKey()))
        .collect(Collectors.joining("\n"));
  }
}
