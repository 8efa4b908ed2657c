package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiguresTest {
  private static final Clock CLOCK = Clock.fixed(Samples.NOW, ZoneOffset.UTC);
  private final Figures english = new Figures(Messages.load(Locale.ENGLISH), CLOCK);
  private final Figures spanish = new Figures(Messages.load(Locale.forLanguageTag("es")), CLOCK);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0 B|0 B",
        "1023|1,023 B|1.023 B",
        "1536|1.5 KiB|1,5 KiB",
        "1048576|1 MiB|1 MiB",
        "13931488|13.3 MiB|13,3 MiB",
        "4294967296|4 GiB|4 GiB"
      })
  void sizesAreInBinaryUnits(long bytes, String inEnglish, String inSpanish) {
    assertThat(english.bytes(bytes)).isEqualTo(inEnglish);
    assertThat(spanish.bytes(bytes)).isEqualTo(inSpanish);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S,0 ms",
    "PT0.0004S,0.4 ms",
    "PT0.031S,31 ms",
    "PT1.24S,1.2 s",
    "PT61S,1 min",
    "PT7200S,2 h",
    "PT72H,3 d"
  })
  void durationsAreInOneUnit(Duration duration, String text) {
    assertThat(english.duration(duration)).isEqualTo(text);
  }

  @Test
  void momentsAreRelative() {
    assertThat(english.when(Samples.NOW.minusSeconds(59)).text()).isEqualTo("59 s ago");
    assertThat(spanish.when(Samples.NOW.minusSeconds(3_700)).text()).isEqualTo("hace 1 h");
    assertThat(english.when(Samples.NOW.plusSeconds(1)).text()).isEqualTo("0 s ago");
    assertThat(english.due(Samples.NOW.plusSeconds(42)).text()).isEqualTo("in 42 s");
    assertThat(spanish.due(Samples.NOW.minusSeconds(2)).text()).isEqualTo("ahora");
    assertThat(english.when(Samples.NOW).full()).contains("November 23, 2026", "8:30");
  }

  @ParameterizedTest
  @CsvSource({"0,64,0,ok", "48,64,75,warn", "60,64,94,bad", "70,64,100,bad", "1,0,0,ok"})
  void barsShowTheShareOfTheLimit(long used, long limit, int percent, String css) {
    assertThat(Bar.of(used, limit)).isEqualTo(new Bar(percent, css));
  }
}
