package io.wasmrunner.proxy.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.CircuitBreaking;
import io.wasmrunner.proxy.resilience.CircuitBreaker.Pass;
import io.wasmrunner.proxy.resilience.CircuitBreaker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a service is left in peace. */
final class CircuitBreakerTest {
  private final List<State> states = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private final CircuitBreaker breaker =
      new CircuitBreaker(
          new CircuitBreaking(50, Duration.ofSeconds(10), 10, Duration.ofSeconds(5), 2),
          (state, why) -> {
            states.add(state);
            reasons.add(why);
          });
  private long now;

  private void attempts(int good, int bad) {
    for (int i = 0; i < good + bad; i++) {
      assertThat(breaker.ask(now)).isEqualTo(Pass.FREE);
      breaker.ended(i >= good, Pass.FREE, now);
    }
  }

  private void open() {
    attempts(5, 5);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void itOpensWhenEnoughRequestsFail() {
    attempts(4, 3);
    attempts(2, 0);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    attempts(0, 3);

    assertThat(states).containsExactly(State.OPEN);
    assertThat(reasons).containsExactly("6 of the last 12 requests failed");
    assertThat(breaker.ask(now)).isEqualTo(Pass.REFUSED);
    assertThat(breaker.refuses(now)).isTrue();
    assertThat(breaker.nanosLeft(now)).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void fewRequestsAndOldOnesSayNothing() {
    attempts(0, 9);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    now += Duration.ofSeconds(11).toNanos();
    attempts(0, 9);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void afterAWhileAFewAreLetThroughAndTheirSuccessClosesIt() {
    open();
    now += Duration.ofSeconds(5).toNanos();

    assertThat(breaker.refuses(now)).isFalse();
    assertThat(breaker.ask(now)).isEqualTo(Pass.PROBE);
    assertThat(breaker.ask(now)).isEqualTo(Pass.PROBE);
    assertThat(breaker.ask(now)).isEqualTo(Pass.REFUSED);
    breaker.ended(false, Pass.PROBE, now);
    assertThat(breaker.ask(now)).isEqualTo(Pass.REFUSED);
    breaker.ended(false, Pass.PROBE, now);

    assertThat(breaker.ask(now)).isEqualTo(Pass.FREE);
    assertThat(states).containsExactly(State.OPEN, State.HALF_OPEN, State.CLOSED);
    attempts(0, 9);
    assertThat(breaker.state()).as("the past is forgotten").isEqualTo(State.CLOSED);
  }

  @Test
  void aFailedProbeOpensItAgainAndTheOtherDoesNotMatter() {
    open();
    now += Duration.ofSeconds(5).toNanos();
    breaker.ask(now);
    breaker.ask(now);
    breaker.ended(true, Pass.PROBE, now);
    breaker.ended(false, Pass.PROBE, now);

    assertThat(states).containsExactly(State.OPEN, State.HALF_OPEN, State.OPEN);
    assertThat(breaker.refuses(now)).isTrue();
  }

  @Test
  void aProbeThatToldNothingIsReplaced() {
    open();
    now += Duration.ofSeconds(5).toNanos();
    breaker.ask(now);
    breaker.ask(now);
    breaker.probeWasted();

    assertThat(breaker.ask(now)).isEqualTo(Pass.PROBE);
    assertThat(breaker.ask(now)).isEqualTo(Pass.REFUSED);
  }

  @Test
  void whatEndsWhileItIsOpenDoesNotCount() {
    open();
    breaker.ended(true, Pass.FREE, now);
    breaker.ended(false, Pass.FREE, now);

    assertThat(states).containsExactly(State.OPEN);
  }
}
