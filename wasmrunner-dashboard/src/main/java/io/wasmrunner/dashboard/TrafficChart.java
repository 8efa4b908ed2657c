package io.wasmrunner.dashboard;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers per minute as stacked bars, drawn in a box of 400 by 160.
 *
 * @param empty whether there was no answer at all
 * @param total answers in the hour
 * @param bars coloured parts of bars
 * @param lines horizontal lines with their values
 * @param classes the legend, with figures for those who do not see the chart
 */
record TrafficChart(
    boolean empty, String total, List<Part> bars, List<Line> lines, List<StatusClass> classes) {
  private static final int LEFT = 36;
  private static final int WIDTH = 360;
  private static final int TOP = 8;
  private static final int HEIGHT = 124;
  private static final double STEP = (double) WIDTH / Traffic.MINUTES;
  private static final double GAP = 1.5;

  /** A part of a bar. */
  record Part(String css, String x, String y, String width, String height) {}

  /** A line of the scale. */
  record Line(String y, String label) {}

  /** A status class. */
  record StatusClass(String css, String name, String lastMinute, String lastHour) {}

  static TrafficChart of(Traffic traffic, Figures figures) {
    long top = scale(traffic.busiest());
    List<Part> bars = new ArrayList<>();
    for (int minute = 0; minute < Traffic.MINUTES; minute++) {
      double y = TOP + HEIGHT;
      for (int statusClass = 0; statusClass < Traffic.CLASSES; statusClass++) {
        long count = traffic.count(minute, statusClass);
        if (count > 0) {
          double height = Math.max(1, (double) count * HEIGHT / top);
          y -= height;
          bars.add(
              new Part(
                  css(statusClass),
                  number(LEFT + minute * STEP + GAP / 2),
                  number(y),
                  number(STEP - GAP),
                  number(height)));
        }
      }
    }
    List<Line> lines = new ArrayList<>();
    for (int quarter = 0; quarter <= 2; quarter++) {
      lines.add(
          new Line(
              number(TOP + HEIGHT - HEIGHT * quarter / 2.0), figures.count(top * quarter / 2)));
    }
    List<StatusClass> classes = new ArrayList<>();
    for (int statusClass = 0; statusClass < Traffic.CLASSES; statusClass++) {
      if (statusClass > 0 || traffic.total(statusClass) > 0) {
        classes.add(
            new StatusClass(
                css(statusClass),
                (statusClass + 1) + "xx",
                figures.count(traffic.count(Traffic.MINUTES - 2, statusClass)),
                figures.count(traffic.total(statusClass))));
      }
    }
    return new TrafficChart(
        traffic.total() == 0, figures.count(traffic.total()), bars, lines, classes);
  }

  private static String css(int statusClass) {
    return "s" + (statusClass + 1);
  }

  /** The next 2, 4, 6, 8 or 10 times a power of ten. */
  private static long scale(long busiest) {
    long power = 1;
    while (power * 10 < busiest) {
      power *= 10;
    }
    for (long factor : new long[] {2, 4, 6, 8, 10}) {
      if (factor * power >= busiest) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String number(double value) {
    return Double.toString(Math.round(value * 10) / 10.0);
  }
}
