package io.wasmrunner.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.SortedMap;
import java.util.function.DoubleFunction;

/**
 * One figure over a quarter of an hour, drawn in a box of 400 by 130.
 *
 * @param id of the elements
 * @param key of its name
 * @param of key of the name of what there is a line for
 * @param description key of what the chart shows, in words
 * @param empty whether there is no sample
 * @param curves one per runner or function
 * @param grid horizontal lines with their values
 * @param rows the same as figures, for those who do not see the chart
 */
record UsageChart(
    String id,
    String key,
    String of,
    String description,
    boolean empty,
    List<Curve> curves,
    List<Line> grid,
    List<Row> rows) {
  private static final int LEFT = 56;
  private static final int WIDTH = 340;
  private static final int TOP = 8;
  private static final int HEIGHT = 90;
  private static final String RUNNER = "runner";
  private static final String FUNCTION = "function";

  /** A line of the chart; more lines than colours are told apart by dashes. */
  record Curve(String css, String points) {}

  /** A line of the scale. */
  record Line(String y, String label) {}

  /** Figures of a line. */
  record Row(String name, String css, String now, String least, String average, String most) {}

  /** The charts of a service. */
  static List<UsageChart> of(
      SortedMap<Integer, RunnerHistory> runners, Instant now, Figures figures) {
    DoubleFunction<String> calls = v -> figures.decimal(v) + "/s";
    return List.of(
        chart(
            "memory",
            RUNNER,
            UsageSeries.ofRunners(runners, UsageSample::memoryBytes),
            now,
            v -> figures.bytes((long) v)),
        chart(
            "cpu",
            RUNNER,
            UsageSeries.ofRunners(runners, UsageSample::cpuPercent),
            now,
            v -> figures.decimal(v) + " %"),
        chart(
            "descriptors",
            RUNNER,
            UsageSeries.ofRunners(runners, UsageSample::openDescriptors),
            now,
            v -> figures.count(Math.round(v))),
        chart(
            "calls",
            RUNNER,
            UsageSeries.ofRunners(runners, UsageSample::callsPerSecond),
            now,
            calls),
        chart("functions", FUNCTION, UsageSeries.ofFunctions(runners), now, calls));
  }

  private static UsageChart chart(
      String id, String of, List<UsageSeries> lines, Instant now, DoubleFunction<String> words) {
    double top =
        lines.stream()
            .flatMap(line -> line.values().stream())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
    double scale = top <= 0 ? 1 : top * 1.1;
    List<Curve> curves = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (UsageSeries line : lines) {
      if (!line.values().isEmpty()) {
        String css =
            "c"
                + (line.colour() % UsageSeries.COLOURS + 1)
                + (line.colour() / UsageSeries.COLOURS % 2 == 1 ? " dashed" : "");
        curves.add(new Curve(css, points(line, now, scale)));
        rows.add(row(line, css, words));
      }
    }
    List<Line> grid = new ArrayList<>();
    for (int half = 0; half <= 2; half++) {
      grid.add(new Line(number(TOP + HEIGHT - HEIGHT * half / 2.0), words.apply(scale * half / 2)));
    }
    return new UsageChart(
        id,
        "usage." + id,
        "usage.of." + of,
        "usage.desc." + of,
        curves.isEmpty(),
        curves,
        grid,
        rows);
  }

  private static Row row(UsageSeries line, String css, DoubleFunction<String> words) {
    DoubleSummaryStatistics summary =
        line.values().stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return new Row(
        line.name(),
        css,
        words.apply(line.values().get(line.values().size() - 1)),
        words.apply(summary.getMin()),
        words.apply(summary.getAverage()),
        words.apply(summary.getMax()));
  }

  private static String points(UsageSeries line, Instant now, double scale) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < line.values().size(); i++) {
      double age =
          (double) Duration.between(line.times().get(i), now).toMillis()
              / UsageHistory.KEPT.toMillis();
      double x = LEFT + WIDTH * (1 - Math.max(0, Math.min(1, age)));
      double y = TOP + HEIGHT * (1 - line.values().get(i) / scale);
      points.append(points.isEmpty() ? "" : " ").append(number(x)).append(',').append(number(y));
    }
    return points.toString();
  }

  private static String number(double value) {
    return Double.toString(Math.round(value * 10) / 10.0);
  }
}
