package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StatusCountsTest {
  private final StatusCounts counts = new StatusCounts();

  @Test
  void eachStatusIsCountedByItself() {
    for (int status : new int[] {200, 499, 200, 500, 404, 599, 200}) {
      counts.count(status);
    }

    assertThat(counts.sums())
        .containsExactlyEntriesOf(
            new TreeMap<>(Map.of(200, 3L, 404, 1L, 499, 1L, 500, 1L, 599, 1L)));
  }

  @Test
  void whatIsNoStatusIsCountedAtTheBounds() {
    counts.count(1_000);
    counts.count(Integer.MAX_VALUE);
    counts.count(-1);

    assertThat(counts.sums()).isEqualTo(Map.of(0, 1L, 999, 2L));
  }
}
