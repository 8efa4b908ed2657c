package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "a/b", "año 1", "100%", "a+b", "<\"'&>", "\ud83d\udc4b", "..", ""})
  void everyNameComesBack(String name) {
    assertThat(Paths.encode(name)).matches("[A-Za-z0-9._~%-]*");
    assertThat(Paths.decode(Paths.encode(name))).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%2", "%zz", "%ff", "%c3", "%ed%a0%80", "a%-1"})
  void brokenEncodingIsRefused(String encoded) {
    assertThatThrownBy(() -> Paths.decode(encoded)).isInstanceOf(Problem.class);
  }

  /** A prefix becomes a link: it must not lead to another host. */
  @ParameterizedTest
  @CsvSource({"hello,hello", "a/b c,a/b%20c", "//evil.example,evil.example", "/x/,x"})
  void prefixesBecomePathsOfThisServer(String prefix, String path) {
    assertThat(Paths.encodeSegments(prefix)).isEqualTo(path);
  }
}
