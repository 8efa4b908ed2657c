package io.wasmrunner.dashboard;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the Prometheus text format, version 0.0.4. Not thread-safe. */
final class PrometheusText {
  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Map<String, List<String>> families = new LinkedHashMap<>();

  /** A metric whose samples follow; without samples it is not written. */
  static final class Family {
    private final String name;
    private final List<String> lines;

    private Family(String name, List<String> lines) {
      this.name = name;
      this.lines = lines;
    }

    /** A whole number, with labels given as name, value, name, value. */
    Family sample(long value, String... labels) {
      return sample(Long.toString(value), labels);
    }

    /** A number, with labels given as name, value, name, value. */
    Family sample(double value, String... labels) {
      return sample(BigDecimal.valueOf(value).toPlainString(), labels);
    }

    private Family sample(String value, String[] labels) {
      StringBuilder line = new StringBuilder(name);
      for (int i = 0; i < labels.length; i += 2) {
        line.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
        line.append(escape(labels[i + 1]).replace("\"", "\\\"")).append('"');
      }
      line.append(labels.length == 0 ? " " : "} ").append(value);
      lines.add(line.toString());
      return this;
    }
  }

  /** Starts a metric that goes up and down. */
  Family gauge(String name, String help) {
    return family(name, "gauge", help);
  }

  /** Starts a metric that only grows. */
  Family counter(String name, String help) {
    return family(name, "counter", help);
  }

  private Family family(String name, String type, String help) {
    List<String> lines = new ArrayList<>();
    lines.add("# HELP " + name + " " + escape(help));
    lines.add("# TYPE " + name + " " + type);
    families.put(name, lines);
    return new Family(name, lines);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> lines : families.values()) {
      if (lines.size() > 2) {
        lines.forEach(line -> text.append(line).append('\n'));
      }
    }
    return text.toString();
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }
}
