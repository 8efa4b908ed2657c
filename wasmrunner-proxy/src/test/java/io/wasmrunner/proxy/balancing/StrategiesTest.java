package io.wasmrunner.proxy.balancing;

import static io.wasmrunner.proxy.balancing.TestingUpstream.busy;
import static io.wasmrunner.proxy.balancing.TestingUpstream.chosen;
import static io.wasmrunner.proxy.balancing.TestingUpstream.several;
import static io.wasmrunner.proxy.balancing.TestingUpstream.weighing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strategies by number of requests and by weight. */
final class StrategiesTest {
  private static DoubleSupplier lot() {
    Random random = new Random(7);
    return random::nextDouble;
  }

  /** All strategies that come with wasmrunner, with random numbers of their own. */
  private static LoadBalancingStrategy strategy(String name) {
    return BuiltInStrategies.factories().stream()
        .filter(factory -> factory.name().equals(name))
        .findFirst()
        .orElseThrow()
        .create(Map.of());
  }

  @Test
  void theCounterMayOverflow() {
    RoundRobin strategy = new RoundRobin(Integer.MAX_VALUE - 4);

    assertThat(chosen(strategy, several(3), new TestingRequest(), 10).values())
        .hasSize(3)
        .allSatisfy(count -> assertThat(count).isBetween(3, 4));
  }

  @Test
  void weightedRoundRobinGivesEachItsShareEvenlyOverTime() {
    RoundRobin strategy = new RoundRobin(Integer.MAX_VALUE - 20);
    List<Upstream> upstreams = List.of(weighing(0, 5), weighing(1, 2), weighing(2, 1));

    for (int block = 0; block < 20; block++) {
      Map<Integer, Integer> counts = chosen(strategy, upstreams, new TestingRequest(), 16);
      assertThat(counts.get(0)).as(counts.toString()).isBetween(9, 11);
      assertThat(counts.get(1)).as(counts.toString()).isBetween(3, 5);
      assertThat(counts.get(2)).as(counts.toString()).isBetween(1, 3);
    }
  }

  @Test
  void powerOfTwoComparesTwoDifferentRunners() {
    List<Upstream> upstreams = List.of(busy(0, 5), busy(1, 3), busy(2, 9));
    List<Integer> chosen = new ArrayList<>();
    for (int first = 0; first < 3; first++) {
      for (int second = 0; second < 2; second++) {
        List<Double> lots = new ArrayList<>(List.of((first + 0.5) / 3, (second + 0.5) / 2));
        chosen.add(
            new PowerOfTwo(() -> lots.remove(0))
                .choose(upstreams, new TestingRequest())
                .id()
                .index());
      }
    }

    // Pairs: 0-1, 0-2, 1-2, 1-0, 2-0, 2-1. The busiest, 2, never wins.
    assertThat(chosen).containsExactly(1, 0, 1, 1, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "least_requests", "power_of_two", "sticky_cookie"})
  void anIdleRunnerOfWeightThreeGetsAboutThreeQuarters(String name) {
    List<Upstream> upstreams = List.of(weighing(0, 3), weighing(1, 1));

    Map<Integer, Integer> counts = chosen(strategy(name), upstreams, new TestingRequest(), 4_000);

    assertThat(counts.get(0) + counts.get(1)).isEqualTo(4_000);
    assertThat(counts.get(1)).as(counts.toString()).isCloseTo(1_000, within(150));
  }

  @Test
  void aLoadedRunnerGetsLessWhateverItsWeight() {
    List<Upstream> upstreams = List.of(weighing(0, 2), weighing(1, 1));
    ((TestingUpstream) upstreams.get(0)).activeRequests = 9;

    assertThat(chosen(strategy("least_requests"), upstreams, new TestingRequest(), 600).get(0))
        .isCloseTo(100, within(20));
    assertThat(chosen(strategy("power_of_two"), upstreams, new TestingRequest(), 100))
        .containsOnlyKeys(1);
  }

  @Test
  void whoKnowsNothingOfWeightsIsShownLightRunnersSeldom() {
    List<TestingUpstream> upstreams = List.of(weighing(0, 1), weighing(1, 0.25));
    DoubleSupplier lot = lot();
    int shown = 0;
    for (int i = 0; i < 4_000; i++) {
      List<TestingUpstream> thinned = Weights.thinned(upstreams, lot);
      assertThat(thinned).contains(upstreams.get(0));
      shown += thinned.size() - 1;
    }

    assertThat(shown).isCloseTo(1_000, within(100));
  }
}
