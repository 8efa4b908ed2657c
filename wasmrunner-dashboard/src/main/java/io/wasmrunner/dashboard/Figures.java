package io.wasmrunner.dashboard;

import io.wasmrunner.model.ScheduleStatus.RunResult;
import java.text.NumberFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;

/** Numbers, sizes, durations and moments in the words of one language. Not thread-safe. */
final class Figures {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private final Messages messages;
  private final Clock clock;
  private final NumberFormat whole;
  private final NumberFormat decimal;
  private final DateTimeFormatter full;

  Figures(Messages messages, Clock clock) {
    this.messages = messages;
    this.clock = clock;
    this.whole = NumberFormat.getIntegerInstance(messages.locale());
    this.decimal = NumberFormat.getNumberInstance(messages.locale());
    decimal.setMaximumFractionDigits(1);
    this.full =
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.LONG)
            .withLocale(messages.locale())
            .withZone(clock.getZone());
  }

  String count(long value) {
    return whole.format(value);
  }

  /** A number with at most one decimal. */
  String decimal(double value) {
    return decimal.format(value);
  }

  /** A size in binary units: KiB, MiB, GiB. */
  String bytes(long value) {
    if (value < KIB) {
      return whole.format(value) + " B";
    }
    if (value < MIB) {
      return decimal.format((double) value / KIB) + " KiB";
    }
    return value < GIB
        ? decimal.format((double) value / MIB) + " MiB"
        : decimal.format((double) value / GIB) + " GiB";
  }

  /** A duration in one unit that fits. */
  String duration(Duration value) {
    long millis = value.toMillis();
    if (millis == 0 && !value.isZero()) {
      return decimal.format(value.toNanos() / 1e6) + " ms";
    }
    if (millis < 1_000) {
      return whole.format(millis) + " ms";
    }
    if (millis < 60_000) {
      return decimal.format(millis / 1e3) + " s";
    }
    return coarse(value);
  }

  /** A moment that has been, relative to now. */
  When when(Instant moment) {
    Duration age = Duration.between(moment, clock.instant());
    String text = messages.text("time.ago", coarse(age.isNegative() ? Duration.ZERO : age));
    return new When(moment.toString(), text, full.format(moment), false);
  }

  /** A moment to come, relative to now. */
  When due(Instant moment) {
    Duration left = Duration.between(clock.instant(), moment);
    String text =
        left.toSeconds() < 1 ? messages.text("time.now") : messages.text("time.in", coarse(left));
    return new When(moment.toString(), text, full.format(moment), true);
  }

  /** How a run ended, in a few words. */
  String runResult(RunResult run) {
    return run.error().isEmpty()
        ? messages.text("schedule.lastStatus", Integer.toString(run.httpStatus()))
        : messages.text("schedule.lastError", VisibleText.of(run.error()));
  }

  /** How the code of a runner runs: ours in words, that of other launchers as they say it. */
  String code(String code) {
    String key = "code." + code;
    return messages.keys().contains(key) ? messages.text(key) : code;
  }

  private static String coarse(Duration value) {
    long seconds = value.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " min";
    }
    return seconds < 86_400 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }
}
