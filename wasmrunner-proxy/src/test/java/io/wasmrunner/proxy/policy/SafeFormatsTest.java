package io.wasmrunner.proxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Formats that are read by hand accept what the readers of the JDK do, and nothing else. */
final class SafeFormatsTest {
  private static final List<String> DATES =
      List.of(
          "2026-01-31",
          "2024-02-29",
          "2025-02-29",
          "2000-02-29",
          "1900-02-29",
          "0000-01-01",
          "9999-12-31",
          "-001-01-01",
          "+026-01-01",
          "2026-04-31",
          "2026-13-01",
          "2026-00-10",
          "2026-1-001",
          "２０２６-01-01",
          "20260-1-01",
          "2026-01-32",
          "2026-01-00");
  private static final List<String> TIMES =
      List.of(
          "2026-01-31T12:00:00Z",
          "2026-01-31t12:00:00z",
          "2026-01-31 12:00:00Z",
          "2026-01-31T23:59:60Z",
          "2026-01-31T24:00:00Z",
          "2026-01-31T12:00:00.Z",
          "2026-01-31T12:00:00.123456789Z",
          "2026-01-31T12:00:00.1234567890Z",
          "2026-01-31T12:00:00+18:00",
          "2026-01-31T12:00:00+18:01",
          "2026-01-31T12:00:00-00:00",
          "2026-01-31T12:00:00+17:59",
          "2026-01-31T12:00:00+01:60",
          "2026-01-31T12:00:00+01:00:30",
          "2026-01-31T12:00:00+0100",
          "2026-01-31T12:00:00+01",
          "2026-01-31T12:00Z",
          "2026-02-30T12:00:00Z",
          "+12026-01-31T12:00:00Z",
          "2026-01-31T12:00:00ZZ",
          "2026-01-31T12:00:00",
          "2026-01-31T12:60:00Z",
          "2026-01-31T12:00:00.5-23:00");
  private static final List<String> IDS =
      List.of(
          "123e4567-e89b-12d3-a456-426614174000",
          "123E4567-E89B-12D3-A456-426614174000",
          "123e4567-e89b-12d3-a456-42661417400g",
          "123e4567e-89b-12d3-a456-426614174000",
          "-23e4567-e89b-12d3-a456-426614174000",
          "1-1-1-1-1",
          "+23e4567-e89b-12d3-a456-426614174000");

  @Test
  void dates() {
    Random random = new Random(1);
    for (String text : DATES) {
      for (int i = 0; i < 1_000; i++) {
        String each = i == 0 ? text : changed(text, random);
        assertThat(SafeFormats.isDate(each)).as(each).isEqualTo(isDate(each));
      }
    }
  }

  @Test
  void everyDayOfSomeYears() {
    for (int year : new int[] {0, 1, 1900, 2000, 2024, 2026, 9999}) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          String text = "%04d-%02d-%02d".formatted(year, month, day);
          assertThat(SafeFormats.isDate(text)).as(text).isEqualTo(isDate(text));
        }
      }
    }
  }

  @Test
  void times() {
    Random random = new Random(2);
    for (String text : TIMES) {
      for (int i = 0; i < 1_000; i++) {
        String each = i == 0 ? text : changed(text, random);
        assertThat(SafeFormats.isDateTime(each)).as(each).isEqualTo(isDateTime(each));
      }
    }
  }

  @Test
  void ids() {
    Random random = new Random(3);
    for (String text : IDS) {
      for (int i = 0; i < 1_000; i++) {
        String each = i == 0 ? text : changed(text, random);
        assertThat(SafeFormats.isUuid(each)).as(each).isEqualTo(isUuid(each));
      }
    }
  }

  /** With one or two chars replaced, added or left out. */
  private static String changed(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    for (int times = 1 + random.nextInt(2); times > 0; times--) {
      int at = random.nextInt(changed.length());
      char c = "0123456789059-+:.TZtz aAfFgG٣".charAt(random.nextInt(29));
      switch (random.nextInt(5)) {
        case 0 -> changed.insert(at, c);
        case 1 -> changed.deleteCharAt(at);
        default -> changed.setCharAt(at, c);
      }
    }
    return changed.toString();
  }

  private static boolean isDate(String text) {
    try {
      return text.length() == 10 && LocalDate.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isDateTime(String text) {
    try {
      return text.length() >= 20
          && OffsetDateTime.parse(text.replace(' ', 'T').replace('t', 'T').replace('z', 'Z'))
              != null;
    } catch (DateTimeException e) {
      return text.contains(":60");
    }
  }

  private static boolean isUuid(String text) {
    try {
      return text.length() == 36 && UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
