package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class UsageSeriesTest {
  @Test
  void theFunctionsThatAllRunnersCallMostAreSummedUp() {
    SortedMap<Integer, RunnerHistory> runners = new TreeMap<>();
    runners.put(0, history(3, Map.of("read", List.of(1.0, 2.0, 3.0), "a", List.of(0.0, 0.0, 1.0))));
    runners.put(1, history(2, Map.of("read", List.of(10.0, 20.0), "b", List.of(9.0, 9.0))));
    runners.put(2, history(2, Map.of("c", List.of(5.0, 5.0), "d", List.of(4.0, 4.0))));
    runners.put(3, history(2, Map.of("e", List.of(3.0, 3.0))));

    List<UsageSeries> functions = UsageSeries.ofFunctions(runners);

    assertThat(functions)
        .extracting(UsageSeries::name)
        .as("those called most, no more than colours")
        .containsExactly("read", "b", "c", "d", "e");
    assertThat(functions.get(0).values())
        .as("the newest figures belong together")
        .containsExactly(1.0, 12.0, 23.0);
    assertThat(functions.get(0).times()).hasSize(3);
  }

  @Test
  void noRunnerHasNoFunctions() {
    assertThat(UsageSeries.ofFunctions(new TreeMap<>())).isEmpty();
  }

  private static RunnerHistory history(int size, Map<String, List<Double>> calls) {
    List<UsageSample> samples = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Instant at = Instant.EPOCH.plusSeconds(2L * (10 - size + i));
      samples.add(new UsageSample(at, 1, 0, 0, 0, 0, 0, 0, 0));
    }
    return new RunnerHistory(samples, new TreeMap<>(calls));
  }
}
