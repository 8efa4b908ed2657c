package io.wasmrunner.runtime;

import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.LogLine.Level;
import io.wasmrunner.model.LogLine.Stream;
import io.wasmrunner.model.SystemEvent;
import io.wasmrunner.model.SystemEvent.Severity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes log files. A disk that is full or must not be written costs lines, which
 * are counted, and one event; it is tried again every half minute.
 */
final class LogWriter {
  static final int MOST_WAITING = 8192;
  static final long MOST_WAITING_CHARS = 4 << 20;
  static final String UNWRITABLE = "logs.unwritable";
  static final String WRITABLE = "logs.writable";
  static final Duration TRY_AGAIN = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
  private static final int AT_ONCE = 1024;
  private static final int CHUNK_BYTES = 256 << 10;
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

  private final LogFileSettings settings;
  private final Clock clock;
  private final Consumer<SystemEvent> announcer;
  private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong waitingChars = new AtomicLong();
  private final Map<String, AtomicLong> dropped = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "log-writer");

  /** Touched only by the thread. */
  private final Map<String, Target> targets = new LinkedHashMap<>();

  private volatile boolean ending;

  LogWriter(LogFileSettings settings, Clock clock, Consumer<SystemEvent> announcer) {
    this.settings = settings;
    this.clock = clock;
    this.announcer = announcer;
    thread.setDaemon(true);
  }

  private record Entry(String service, LogLine line) {}

  /** The files of a service, and since when they cannot be written. */
  private static final class Target {
    final RotatedLog files;
    Optional<Instant> tryAgainAt = Optional.empty();

    Target(RotatedLog files) {
      this.files = files;
    }
  }

  void start() {
    thread.start();
  }

  /** Takes a line unless too much waits already. */
  void take(String service, LogLine line) {
    int chars = line.text().length();
    if (waitingChars.addAndGet(chars) <= MOST_WAITING_CHARS
        && !ending
        && waiting.offer(new Entry(service, line))) {
      return;
    }
    waitingChars.addAndGet(-chars);
    lost(service, 1);
  }

  CompletionStage<Void> end() {
    ending = true;
    return ended;
  }

  private void run() {
    Instant deadline = Instant.MAX;
    List<Entry> batch = new ArrayList<>();
    try {
      while (true) {
        Entry first = waiting.poll(ending ? 0 : 100, TimeUnit.MILLISECONDS);
        if (ending && deadline.equals(Instant.MAX)) {
          deadline = clock.instant().plus(ENDS_WITHIN);
        }
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, AT_ONCE - 1);
          write(batch);
          batch.clear();
        }
        if (ending && (first == null || clock.instant().isAfter(deadline))) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      targets.values().forEach(target -> close(target.files));
      ended.complete(null);
    }
  }

  private void write(List<Entry> batch) {
    Map<String, List<LogLine>> byService = new LinkedHashMap<>();
    for (Entry entry : batch) {
      waitingChars.addAndGet(-entry.line().text().length());
      byService.computeIfAbsent(entry.service(), each -> new ArrayList<>()).add(entry.line());
    }
    byService.forEach(this::write);
  }

  private void write(String service, List<LogLine> lines) {
    Target target =
        targets.computeIfAbsent(service, each -> new Target(new RotatedLog(each, settings)));
    if (target.tryAgainAt.filter(clock.instant()::isBefore).isPresent()) {
      lost(service, lines.size());
      return;
    }
    int written = 0;
    try {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      int inChunk = 0;
      for (LogLine line : lines) {
        chunk.writeBytes((LogText.of(line) + "\n").getBytes(StandardCharsets.UTF_8));
        inChunk++;
        if (chunk.size() >= CHUNK_BYTES) {
          target.files.append(chunk.toByteArray());
          written += inChunk;
          inChunk = 0;
          chunk.reset();
        }
      }
      target.files.append(chunk.toByteArray());
      written += inChunk;
      recovered(service, target);
      tellLost(service, target, lines.get(lines.size() - 1));
    } catch (IOException | RuntimeException e) {
      lost(service, lines.size() - written);
      failed(service, target, e);
    }
  }

  private void failed(String service, Target target, Exception cause) {
    boolean first = targets.values().stream().allMatch(each -> each.tryAgainAt.isEmpty());
    target.tryAgainAt = Optional.of(clock.instant().plus(TRY_AGAIN));
    close(target.files);
    if (first) {
      LOG.warn("log files of {} cannot be written", service, cause);
      announce(
          Severity.WARNING,
          UNWRITABLE,
          service,
          "log files below %s cannot be written, logs are only kept in memory: %s"
              .formatted(settings.folder(), cause));
    }
  }

  private void recovered(String service, Target target) {
    if (target.tryAgainAt.isPresent()) {
      target.tryAgainAt = Optional.empty();
      if (targets.values().stream().allMatch(each -> each.tryAgainAt.isEmpty())) {
        announce(Severity.INFO, WRITABLE, service, "log files are written again");
      }
    }
  }

  private void tellLost(String service, Target target, LogLine last) throws IOException {
    AtomicLong counter = dropped.get(service);
    long count = counter == null ? 0 : counter.getAndSet(0);
    if (count > 0) {
      LogLine line =
          new LogLine(
              last.sequence(),
              clock.instant(),
              last.runner(),
              last.generation(),
              Stream.HOST,
              Level.WARN,
              "… %d lines are missing in this file: they came faster than they could be written"
                  .formatted(count));
      target.files.append((LogText.of(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private void lost(String service, long lines) {
    dropped.computeIfAbsent(service, each -> new AtomicLong()).addAndGet(lines);
  }

  private void announce(Severity severity, String kind, String service, String message) {
    announcer.accept(
        new SystemEvent(
            clock.instant(),
            severity,
            kind,
            Optional.of(service),
            Optional.empty(),
            CleanText.of(message)));
  }

  private static void close(RotatedLog files) {
    try {
      files.close();
    } catch (IOException e) {
      LOG.debug("a log file did not close", e);
    }
  }
}
