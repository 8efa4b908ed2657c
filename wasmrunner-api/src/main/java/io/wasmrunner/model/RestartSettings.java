package io.wasmrunner.model;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What happens when a runner has ended by itself. Pauses double from the first to the longest, with
 * jitter, and begin anew when it was healthy for long enough. More ends than the intensity within
 * the period are a crash loop: from then on every pause is the longest.
 *
 * @param policy whether it starts again; default always
 * @param backoff first pause; default 200 ms
 * @param maxBackoff longest pause; default 30 s
 * @param resetAfter a runner that was healthy for this long begins anew; default 60 s
 * @param intensity most ends in the period, 0 for as many as there are; default 5
 * @param period of the intensity; default 60 s
 * @param startTimeout a start that is not healthy after this is given up; default 60 s
 */
public record RestartSettings(
    Policy policy,
    Duration backoff,
    Duration maxBackoff,
    Duration resetAfter,
    int intensity,
    Duration period,
    Duration startTimeout) {
  /** The defaults. */
  public static final RestartSettings DEFAULT =
      new RestartSettings(
          Policy.ALWAYS,
          Duration.ofMillis(200),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          5,
          Duration.ofSeconds(60),
          Duration.ofSeconds(60));

  /** When a runner starts again. */
  public enum Policy {
    /** Whatever its end was. */
    ALWAYS,
    /** Unless it ended by itself with code 0. */
    ON_FAILURE,
    /** Only by command. */
    NEVER;

    /** The name as JSON writes it, in snake case. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The policy with this name in JSON. */
    public static Optional<Policy> ofKey(String key) {
      return Stream.of(values()).filter(policy -> policy.key().equals(key)).findFirst();
    }
  }

  /** Whether a runner that ended for this reason starts again. */
  public boolean restarts(ExitCause cause) {
    return switch (policy) {
      case ALWAYS -> true;
      case ON_FAILURE -> cause != ExitCause.COMPLETED;
      case NEVER -> false;
    };
  }
}
