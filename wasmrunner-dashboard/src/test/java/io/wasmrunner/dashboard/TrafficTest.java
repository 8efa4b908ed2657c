package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.RequestStats.MinuteCounts;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrafficTest {
  private static final long NOW = Samples.NOW.getEpochSecond() / 60;
  private final Figures figures =
      new Figures(Messages.load(Locale.ENGLISH), Clock.fixed(Samples.NOW, ZoneOffset.UTC));

  @Test
  void countsByMinuteAndClassWithinTheHour() {
    Traffic traffic =
        Traffic.of(
            List.of(
                new MinuteCounts(NOW, Map.of(200, 5L, 204, 2L, 503, 1L)),
                new MinuteCounts(NOW - 59, Map.of(404, 3L)),
                new MinuteCounts(NOW - 60, Map.of(200, 1_000L)),
                new MinuteCounts(NOW + 1, Map.of(200, 1_000L))),
            Samples.NOW);

    assertThat(traffic.count(59, 1)).isEqualTo(7);
    assertThat(traffic.count(59)).isEqualTo(8);
    assertThat(traffic.count(0, 3)).isEqualTo(3);
    assertThat(traffic.total()).isEqualTo(11);
    assertThat(traffic.busiest()).isEqualTo(8);
  }

  @Test
  void drawsStackedBarsWithinTheBox() {
    TrafficChart chart =
        TrafficChart.of(
            Traffic.of(List.of(new MinuteCounts(NOW, Map.of(200, 30L, 500, 10L))), Samples.NOW),
            figures);

    assertThat(chart.empty()).isFalse();
    assertThat(chart.lines()).extracting(TrafficChart.Line::label).containsExactly("0", "20", "40");
    assertThat(chart.bars()).extracting(TrafficChart.Part::css).containsExactly("s2", "s5");
    TrafficChart.Part lower = chart.bars().get(0);
    TrafficChart.Part upper = chart.bars().get(1);
    assertThat(Double.parseDouble(upper.y()) + Double.parseDouble(upper.height()))
        .isEqualTo(Double.parseDouble(lower.y()));
    assertThat(Double.parseDouble(upper.y())).isEqualTo(8.0);
    assertThat(Double.parseDouble(lower.height())).isEqualTo(93.0);
  }

  @Test
  void nothingIsEmptyAndDividesByNothing() {
    TrafficChart chart = TrafficChart.of(Traffic.of(List.of(), Samples.NOW), figures);

    assertThat(chart.empty()).isTrue();
    assertThat(TrafficLine.of(Traffic.of(List.of(), Samples.NOW), figures).points())
        .startsWith("0,20 2,20");
  }
}
