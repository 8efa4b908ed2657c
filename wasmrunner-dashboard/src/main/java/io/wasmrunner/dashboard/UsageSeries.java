package io.wasmrunner.dashboard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * One line of a chart: values with their times, oldest first.
 *
 * @param name of the runner or function
 * @param colour which one, from 0; beyond the last they begin again
 */
record UsageSeries(String name, int colour, List<Instant> times, List<Double> values) {
  /** Colours there are. */
  static final int COLOURS = 5;

  /** A figure of each runner. */
  static List<UsageSeries> ofRunners(
      SortedMap<Integer, RunnerHistory> runners, ToDoubleFunction<UsageSample> figure) {
    List<UsageSeries> all = new ArrayList<>();
    runners.forEach(
        (index, history) ->
            all.add(
                new UsageSeries(
                    Integer.toString(index),
                    index,
                    times(history),
                    history.samples().stream().map(figure::applyAsDouble).toList())));
    return all;
  }

  /** The functions of the host that all runners together call most, one for each colour. */
  static List<UsageSeries> ofFunctions(SortedMap<Integer, RunnerHistory> runners) {
    // Runners are sampled together, so their newest figures belong to the same time.
    List<Instant> times =
        runners.values().stream()
            .map(UsageSeries::times)
            .max(Comparator.comparingInt(List::size))
            .orElse(List.of());
    Map<String, List<Double>> sums = new TreeMap<>();
    for (RunnerHistory runner : runners.values()) {
      runner
          .callsPerSecond()
          .forEach(
              (function, rates) ->
                  add(
                      rates,
                      sums.computeIfAbsent(
                          function,
                          name -> new ArrayList<>(Collections.nCopies(times.size(), 0.0)))));
    }
    List<Map.Entry<String, List<Double>>> most =
        sums.entrySet().stream()
            .sorted(
                Comparator.comparingDouble(
                    entry -> -entry.getValue().stream().mapToDouble(Double::doubleValue).sum()))
            .limit(COLOURS)
            .toList();
    List<UsageSeries> series = new ArrayList<>();
    most.forEach(
        entry ->
            series.add(new UsageSeries(entry.getKey(), series.size(), times, entry.getValue())));
    return series;
  }

  /** Adds to the newest figures: whoever came later has fewer. */
  private static void add(List<Double> rates, List<Double> sum) {
    int behind = sum.size() - rates.size();
    for (int i = 0; i < rates.size(); i++) {
      sum.set(behind + i, sum.get(behind + i) + rates.get(i));
    }
  }

  private static List<Instant> times(RunnerHistory history) {
    return history.samples().stream().map(UsageSample::at).toList();
  }
}
