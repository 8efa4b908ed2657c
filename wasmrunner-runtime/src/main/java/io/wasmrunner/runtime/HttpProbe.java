package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.ProbeResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Health probe {@code http}: GET on a path over a connection of its own, and a status expected; a
 * body, too, if one is set, and only then it is read.
 */
final class HttpProbe implements HealthProbe {
  static final String NAME = "http";
  static final String PATH = "path";
  static final String STATUS = "status";
  static final String BODY = "body";
  static final String JSON = "json";
  static final String DEFAULT_PATH = "/health";
  static final int DEFAULT_STATUS = 200;

  private final String path;
  private final ExpectedStatus status;
  private final ExpectedBody body;

  HttpProbe(String path, ExpectedStatus status, ExpectedBody body) {
    this.path = path;
    this.status = status;
    this.body = body;
  }

  @Override
  public CompletionStage<ProbeResult> probe(RunnerAddress target, Duration timeout) {
    return body.isAnything()
        ? HttpGet.send(target, path, timeout, new HttpStatusReader()).thenApply(this::judge)
        : HttpGet.send(target, path, timeout, new HttpAnswerReader()).thenApply(this::judge);
  }

  private ProbeResult judge(int found) {
    return new ProbeResult(status.fits(found), "HTTP " + found);
  }

  private ProbeResult judge(HttpAnswer answer) {
    ProbeResult byStatus = judge(answer.status());
    if (!byStatus.healthy()) {
      return byStatus;
    }
    if (answer.tooLong()) {
      return ProbeResult.unhealthy(
          "%s, but the body has more than %d KiB"
              .formatted(byStatus.detail(), HttpAnswerReader.BODY_LIMIT >> 10));
    }
    return body.fault(answer.body())
        .map(fault -> ProbeResult.unhealthy(byStatus.detail() + ", but " + fault))
        .orElse(byStatus);
  }
}
