package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.wasmrunner.model.ScheduleStatus.RunResult;
import io.wasmrunner.model.ServiceDefinition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of a schedule: a GET, sent again a few times when the service could not be reached or
 * says that it cannot answer now. Belongs to one context.
 */
final class ScheduleRun {
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(3));

  /** No further attempt later than this, so that a run ends soon after its last answer. */
  private static final Duration LATEST_ATTEMPT = Duration.ofSeconds(10);

  private final InnerClient client;
  private final Alarms alarms;
  private final Clock clock;
  private final InnerClient.Request request;
  private final Instant startedAt;
  private final Instant latestAttempt;
  private int attempts;

  ScheduleRun(
      InnerClient client,
      Alarms alarms,
      Clock clock,
      ServiceDefinition service,
      String path,
      Duration interval,
      Duration timeout) {
    this.client = client;
    this.alarms = alarms;
    this.clock = clock;
    this.request =
        new InnerClient.Request(
            HttpMethod.GET, service.prefix(), path, Map.of(), Optional.empty(), timeout);
    this.startedAt = clock.instant();
    this.latestAttempt =
        startedAt.plus(interval.compareTo(LATEST_ATTEMPT) < 0 ? interval : LATEST_ATTEMPT);
  }

  /** Runs; the future fails only when the scheduler stops meanwhile. */
  Future<RunResult> run() {
    attempts++;
    return client.send(request).compose(this::judge);
  }

  private Future<RunResult> judge(Outcome outcome) {
    if (worthAnother(outcome) && attempts <= PAUSES.size()) {
      Instant again = clock.instant().plus(PAUSES.get(attempts - 1));
      if (again.isBefore(latestAttempt)) {
        return alarms.at(again).compose(woken -> run());
      }
    }
    return Future.succeededFuture(result(outcome));
  }

  private static boolean worthAnother(Outcome outcome) {
    return !(outcome instanceof Outcome.Answered answered)
        || answered.status() == 502
        || answered.status() == 503
        || answered.status() == 504;
  }

  private RunResult result(Outcome outcome) {
    Duration took = Duration.between(startedAt, clock.instant());
    int status = outcome instanceof Outcome.Answered answered ? answered.status() : 0;
    String error =
        outcome instanceof Outcome.NotReached notReached
            ? notReached.reason()
            : outcome instanceof Outcome.NoAnswer noAnswer ? noAnswer.reason() : "";
    return new RunResult(
        startedAt, took.isNegative() ? Duration.ZERO : took, status, error, attempts);
  }
}
