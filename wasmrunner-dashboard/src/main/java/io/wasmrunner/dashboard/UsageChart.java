package io.wasmrunner.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.SortedMap;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * One figure of all runners over a quarter of an hour, drawn in a box of 400 by 130.
 *
 * @param id of the elements
 * @param key of its name
 * @param empty whether there is no sample
 * @param curves one per runner
 * @param grid horizontal lines with their values
 * @param rows the same as figures, for those who do not see the chart
 */
record UsageChart(
    String id, String key, boolean empty, List<Curve> curves, List<Line> grid, List<Row> rows) {
  private static final int LEFT = 56;
  private static final int WIDTH = 340;
  private static final int TOP = 8;
  private static final int HEIGHT = 90;
  private static final int COLOURS = 5;

  /** The line of a runner; more runners than colours are told apart by dashes. */
  record Curve(int runner, String css, String points) {}

  /** A line of the scale. */
  record Line(String y, String label) {}

  /** Figures of a runner. */
  record Row(int runner, String css, String now, String least, String average, String most) {}

  /** The charts of a service. */
  static List<UsageChart> of(
      SortedMap<Integer, List<UsageSample>> runners, Instant now, Figures figures) {
    return List.of(
        chart("memory", runners, now, UsageSample::memoryBytes, v -> figures.bytes((long) v)),
        chart("cpu", runners, now, UsageSample::cpuPercent, v -> figures.decimal(v) + " %"),
        chart(
            "descriptors",
            runners,
            now,
            UsageSample::openDescriptors,
            v -> figures.count(Math.round(v))),
        chart("calls", runners, now, UsageSample::callsPerSecond, v -> figures.decimal(v) + "/s"));
  }

  private static UsageChart chart(
      String id,
      SortedMap<Integer, List<UsageSample>> runners,
      Instant now,
      ToDoubleFunction<UsageSample> figure,
      DoubleFunction<String> words) {
    double top =
        runners.values().stream().flatMap(List::stream).mapToDouble(figure).max().orElse(0);
    double scale = top <= 0 ? 1 : top * 1.1;
    List<Curve> curves = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    runners.forEach(
        (runner, samples) -> {
          if (!samples.isEmpty()) {
            String css =
                "c" + (runner % COLOURS + 1) + (runner / COLOURS % 2 == 1 ? " dashed" : "");
            curves.add(new Curve(runner, css, points(samples, now, figure, scale)));
            DoubleSummaryStatistics summary =
                samples.stream().mapToDouble(figure).summaryStatistics();
            rows.add(
                new Row(
                    runner,
                    css,
                    words.apply(figure.applyAsDouble(samples.get(samples.size() - 1))),
                    words.apply(summary.getMin()),
                    words.apply(summary.getAverage()),
                    words.apply(summary.getMax())));
          }
        });
    List<Line> grid = new ArrayList<>();
    for (int half = 0; half <= 2; half++) {
      grid.add(new Line(number(TOP + HEIGHT - HEIGHT * half / 2.0), words.apply(scale * half / 2)));
    }
    return new UsageChart(id, "usage." + id, curves.isEmpty(), curves, grid, rows);
  }

  private static String points(
      List<UsageSample> samples, Instant now, ToDoubleFunction<UsageSample> figure, double scale) {
    StringBuilder points = new StringBuilder();
    for (UsageSample sample : samples) {
      double age =
          (double) Duration.between(sample.at(), now).toMillis() / UsageHistory.KEPT.toMillis();
      double x = LEFT + WIDTH * (1 - Math.max(0, Math.min(1, age)));
      double y = TOP + HEIGHT * (1 - figure.applyAsDouble(sample) / scale);
      points.append(points.isEmpty() ? "" : " ").append(number(x)).append(',').append(number(y));
    }
    return points.toString();
  }

  private static String number(double value) {
    return Double.toString(Math.round(value * 10) / 10.0);
  }
}
