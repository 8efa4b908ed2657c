package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class VisibleTextTest {
  static Arguments[] texts() {
    return new Arguments[] {
      Arguments.of("plain text, años, 日本語, 👩\u200d💻", "plain text, años, 日本語, 👩\u200d💻"),
      Arguments.of("tab\tand\nline", "tab\tand\nline"),
      Arguments.of("\u001b[1;31mred\u001b[0m", "red"),
      Arguments.of("\u009b31mred", "red"),
      Arguments.of("\u001b]0;window title\u0007after", "after"),
      Arguments.of("\u001b]8;;http://evil\u001b\\link", "link"),
      Arguments.of("\u001b]never ended", ""),
      Arguments.of("bell\u0007", "bell\u2407"),
      Arguments.of("over\rwritten", "over\u240dwritten"),
      Arguments.of("exe.\u202egnp", "exe.\u27e8U+202E\u27e9gnp"),
      Arguments.of("a\u2066b\u2069c", "a\u27e8U+2066\u27e9b\u27e8U+2069\u27e9c"),
      Arguments.of("zero\u200bwidth", "zero\u27e8U+200B\u27e9width"),
      Arguments.of("two\u2028lines", "two\u27e8U+2028\u27e9lines"),
      Arguments.of("half \ud800 pair", "half \u27e8U+D800\u27e9 pair"),
      Arguments.of("c1 \u0085 del \u007f", "c1 \u27e8U+0085\u27e9 del \u27e8U+007F\u27e9"),
    };
  }

  @ParameterizedTest
  @MethodSource("texts")
  void hidesNothingAndObeysNothing(String text, String visible) {
    assertThat(VisibleText.of(text)).isEqualTo(visible);
  }
}
