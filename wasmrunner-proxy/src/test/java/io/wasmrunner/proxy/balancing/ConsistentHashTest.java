package io.wasmrunner.proxy.balancing;

import static io.wasmrunner.proxy.balancing.TestingUpstream.chosen;
import static io.wasmrunner.proxy.balancing.TestingUpstream.several;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.wasmrunner.spi.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The strategy that goes by a key. */
final class ConsistentHashTest {
  private static final int KEYS = 8_000;

  private final ConsistentHash strategy =
      new ConsistentHash(RequestKey.from(Map.of("by", "header", "key", "X-Customer")), 1.25);

  private static TestingRequest of(String customer) {
    TestingRequest request = new TestingRequest();
    request.headers.put("X-Customer", customer);
    return request;
  }

  private List<Integer> places(List<Upstream> upstreams) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      places.add(strategy.choose(upstreams, of("customer " + i)).id().index());
    }
    return places;
  }

  private static Map<Integer, Integer> counts(List<Integer> places) {
    Map<Integer, Integer> counts = new TreeMap<>();
    places.forEach(place -> counts.merge(place, 1, Integer::sum));
    return counts;
  }

  @Test
  void aKeyKeepsItsRunnerAndKeysSpreadEvenly() {
    List<Upstream> upstreams = several(4);
    List<Integer> places = places(upstreams);

    assertThat(places(upstreams)).isEqualTo(places);
    assertThat(counts(places).values())
        .hasSize(4)
        .allSatisfy(count -> assertThat(count).isCloseTo(KEYS / 4, within(KEYS / 40)));
  }

  @Test
  void onlyTheKeysOfARunnerThatLeavesMove() {
    List<Upstream> upstreams = several(5);
    List<Integer> before = places(upstreams);
    List<Integer> after = places(upstreams.subList(0, 4));

    for (int i = 0; i < KEYS; i++) {
      if (before.get(i) != 4) {
        assertThat(after.get(i)).isEqualTo(before.get(i));
      }
    }
    assertThat(counts(after)).containsOnlyKeys(0, 1, 2, 3);
  }

  @Test
  void aSlowStartTakesKeysOverLittleByLittleAndGivesNoneBack() {
    List<Upstream> upstreams = several(4);
    TestingUpstream warming = (TestingUpstream) upstreams.get(3);
    List<Integer> before = places(upstreams.subList(0, 3));
    int had = 0;
    for (double weight : new double[] {0.1, 0.4, 0.7, 1}) {
      warming.weight = weight;
      List<Integer> now = places(upstreams);
      for (int i = 0; i < KEYS; i++) {
        if (now.get(i) != 3) {
          assertThat(now.get(i)).isEqualTo(before.get(i));
        }
      }
      int has = counts(now).get(3);
      assertThat(has).isCloseTo((int) (KEYS * weight / (3 + weight)), within(KEYS / 40));
      assertThat(has).isGreaterThan(had);
      had = has;
    }
  }

  @Test
  void aRunnerBeyondItsShareLeavesTheRestToTheNext() {
    List<Upstream> upstreams = several(4);
    TestingUpstream favourite = (TestingUpstream) strategy.choose(upstreams, of("everybody"));
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      TestingUpstream chosen = (TestingUpstream) strategy.choose(upstreams, of("everybody"));
      chosen.activeRequests++;
      counts.merge(chosen.id().index(), 1, Integer::sum);
    }

    assertThat(counts.get(favourite.id().index())).isBetween(30, 32); // 1.25 * 100 / 4
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(32));
  }

  @Test
  void requestsWithoutTheKeyTakeTurns() {
    assertThat(chosen(strategy, several(2), new TestingRequest(), 10))
        .isEqualTo(Map.of(0, 5, 1, 5));
  }

  @Test
  void theKeyMayBeACookieAParameterOrTheAddress() {
    TestingRequest request = new TestingRequest();
    request.cookies.put("c", "1");
    request.query.put("q", "2");
    request.clientAddress = "192.0.2.1";

    assertThat(RequestKey.from(Map.of("by", "cookie", "key", "c")).of(request)).contains("1");
    assertThat(RequestKey.from(Map.of("by", "query", "key", "q")).of(request)).contains("2");
    assertThat(RequestKey.from(Map.of()).of(request)).contains("192.0.2.1");
  }

  @Test
  void settingsThatDoNotFitAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestKey.from(Map.of("by", "header")))
        .withMessageContaining("key");
    assertThatIllegalArgumentException().isThrownBy(() -> RequestKey.from(Map.of("key", "x")));
  }
}
