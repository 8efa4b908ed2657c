package io.wasmrunner.proxy.balancing;

import static io.wasmrunner.proxy.balancing.TestingUpstream.chosen;
import static io.wasmrunner.proxy.balancing.TestingUpstream.several;
import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The strategy that goes by latency. */
final class PeakEwmaTest {
  private static final Duration FAST = Duration.ofMillis(2);
  private static final Duration SLOW = Duration.ofMillis(20);

  private final AtomicLong now = new AtomicLong();
  private final Random random = new Random(3);
  private final PeakEwma strategy =
      new PeakEwma(Duration.ofSeconds(10), now::get, random::nextDouble);

  private Map<Integer, Integer> chosenOf(List<Upstream> upstreams) {
    return chosen(strategy, upstreams, new TestingRequest(), 1_000);
  }

  private void answers(Upstream upstream, Duration latency, boolean failed) {
    strategy.completed(upstream, latency, failed);
  }

  @Test
  void aSlowRunnerGetsNothingAsLongAsTheOthersAreFaster() {
    List<Upstream> upstreams = several(4);
    chosenOf(upstreams);
    upstreams.forEach(
        upstream -> answers(upstream, upstream.id().index() == 3 ? SLOW : FAST, false));

    assertThat(chosenOf(upstreams)).containsOnlyKeys(0, 1, 2);
  }

  @Test
  void itGetsSomeWhenTheFastOnesHaveEnoughToDo() {
    List<Upstream> upstreams = several(2);
    chosenOf(upstreams);
    answers(upstreams.get(0), FAST, false);
    answers(upstreams.get(1), SLOW, false);

    ((TestingUpstream) upstreams.get(0)).activeRequests = 10;

    assertThat(chosenOf(upstreams)).containsOnlyKeys(1);
  }

  @Test
  void theWorstLatencyCountsAtOnceAndFadesAfterTheTimeGiven() {
    List<Upstream> upstreams = several(2);
    chosenOf(upstreams);
    answers(upstreams.get(0), FAST, false);
    answers(upstreams.get(1), FAST, false);
    answers(upstreams.get(1), SLOW, false);
    assertThat(chosenOf(upstreams)).containsOnlyKeys(0);

    // The other is kept fresh, the slow one has no chance to show that it has recovered but time.
    now.addAndGet(Duration.ofSeconds(20).toNanos());
    answers(upstreams.get(0), FAST, false);
    assertThat(chosenOf(upstreams)).containsOnlyKeys(0);

    now.addAndGet(Duration.ofSeconds(10).toNanos());
    answers(upstreams.get(0), FAST, false);
    assertThat(chosenOf(upstreams)).containsKey(1);
  }

  @Test
  void whoFailsFastIsNotTheBest() {
    List<Upstream> upstreams = several(2);
    chosenOf(upstreams);
    answers(upstreams.get(0), SLOW, false);
    answers(upstreams.get(1), Duration.ofNanos(100_000), true);

    assertThat(chosenOf(upstreams)).containsOnlyKeys(0);
  }

  @Test
  void aNewGenerationStartsWithoutThePast() {
    List<Upstream> upstreams = several(2);
    chosenOf(upstreams);
    answers(upstreams.get(0), FAST, false);
    answers(upstreams.get(1), SLOW, false);
    Upstream next = new TestingUpstream(1);
    List<Upstream> replaced = List.of(upstreams.get(0), next);

    assertThat(chosenOf(replaced)).containsKey(1);
    answers(upstreams.get(1), SLOW, false); // late news of the one before
    assertThat(chosenOf(replaced)).containsKey(1);
  }

  /**
   * The 99th percentile in ms that 16 clients see of four runners, one of them ten times slower.
   */
  private long simulatedP99(LoadBalancingStrategy tried) {
    now.set(0);
    List<Upstream> upstreams = several(4);
    PriorityQueue<Ending> endings = new PriorityQueue<>(Comparator.comparingLong(Ending::at));
    for (int client = 0; client < 16; client++) {
      endings.add(begin(tried, upstreams));
    }
    List<Long> latencies = new ArrayList<>();
    while (latencies.size() < 20_000) {
      Ending ending = endings.remove();
      now.set(ending.at());
      TestingUpstream upstream = ending.upstream();
      upstream.activeRequests--;
      tried.completed(upstream, Duration.ofNanos(ending.at() - ending.since()), false);
      latencies.add(ending.at() - ending.since());
      endings.add(begin(tried, upstreams));
    }
    Collections.sort(latencies);
    return Duration.ofNanos(latencies.get(latencies.size() * 99 / 100)).toMillis();
  }

  private record Ending(TestingUpstream upstream, long since, long at) {}

  private Ending begin(LoadBalancingStrategy tried, List<Upstream> upstreams) {
    TestingUpstream chosen = (TestingUpstream) tried.choose(upstreams, new TestingRequest());
    chosen.activeRequests++;
    Duration usual = chosen.id().index() == 3 ? SLOW : FAST;
    long took = (long) (usual.toNanos() * (0.8 + 0.4 * random.nextDouble()));
    return new Ending(chosen, now.get(), now.get() + took);
  }

  @Test
  void oneSlowRunnerOfFourIsNotSeenAtTheNinetyNinthPercentile() {
    long withRoundRobin = simulatedP99(new RoundRobin());

    assertThat(withRoundRobin).isGreaterThan(SLOW.toMillis());
    assertThat(simulatedP99(strategy)).isLessThanOrEqualTo(withRoundRobin / 5);
  }
}
