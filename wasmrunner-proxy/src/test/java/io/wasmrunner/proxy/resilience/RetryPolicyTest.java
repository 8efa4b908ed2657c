package io.wasmrunner.proxy.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.Retries;
import io.wasmrunner.model.Retries.Cause;
import io.wasmrunner.proxy.resilience.RetryPolicy.Decision;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a request is sent again. */
final class RetryPolicyTest {
  private static RetryPolicy policy(int budgetPercent) {
    return new RetryPolicy(
        new Retries(
            2,
            Set.of(Cause.RESET, Cause.STATUS),
            false,
            budgetPercent,
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ZERO,
            64),
        () -> 0.5);
  }

  @Test
  void onlyTheFailuresThatAreNamedAndOnlySoOften() {
    RetryPolicy policy = policy(20);

    assertThat(policy.decide(Outcome.RESET, 0, 0)).isEqualTo(Decision.RETRY);
    assertThat(policy.decide(Outcome.STATUS, 1, 0)).isEqualTo(Decision.RETRY);
    assertThat(policy.decide(Outcome.STATUS, 2, 0)).isEqualTo(Decision.TOO_OFTEN);
    assertThat(policy.decide(Outcome.TIMEOUT, 0, 0)).isEqualTo(Decision.OTHER_FAILURE);
    assertThat(policy.decide(Outcome.CONNECT, 0, 0)).isEqualTo(Decision.OTHER_FAILURE);
    assertThat(policy.decide(Outcome.INVALID, 0, 0)).isEqualTo(Decision.OTHER_FAILURE);
  }

  @Test
  void theBudgetIsAShareOfTheRequestsOfTheLastTenSecondsButNeverLessThanAFew() {
    RetryPolicy policy = policy(20);
    for (int i = 0; i < RetryBudget.FEW; i++) {
      assertThat(policy.decide(Outcome.RESET, 0, 0)).isEqualTo(Decision.RETRY);
    }
    assertThat(policy.decide(Outcome.RESET, 0, 0)).isEqualTo(Decision.NO_BUDGET);

    for (int i = 0; i < 100; i++) {
      policy.requested(0);
    }
    int granted = 0;
    while (policy.decide(Outcome.RESET, 0, 0) == Decision.RETRY) {
      granted++;
    }
    assertThat(RetryBudget.FEW + granted).isEqualTo(20);

    assertThat(policy.decide(Outcome.RESET, 0, Duration.ofSeconds(11).toNanos()))
        .isEqualTo(Decision.RETRY);
    assertThat(policy(0).decide(Outcome.RESET, 0, 0)).isEqualTo(Decision.NO_BUDGET);
  }

  @Test
  void thePauseDoublesUpToItsBoundAndIsDrawnByLot() {
    RetryPolicy policy = policy(20);

    assertThat(policy.pause(1)).isEqualTo(Duration.ofMillis(50));
    assertThat(policy.pause(2)).isEqualTo(Duration.ofMillis(100));
    assertThat(policy.pause(3)).isEqualTo(Duration.ofMillis(125));
    assertThat(policy.pause(60)).isEqualTo(Duration.ofMillis(125));
  }
}
