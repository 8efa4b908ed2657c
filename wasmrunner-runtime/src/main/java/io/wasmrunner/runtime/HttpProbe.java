package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.ProbeResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Health probe {@code http}: GET on a path over a connection of its own, and a status expected. */
final class HttpProbe implements HealthProbe {
  static final String NAME = "http";
  static final String PATH = "path";
  static final String STATUS = "status";
  static final String DEFAULT_PATH = "/health";
  static final int DEFAULT_STATUS = 200;

  private final String path;
  private final int status;

  HttpProbe(String path, int status) {
    this.path = path;
    this.status = status;
  }

  @Override
  public CompletionStage<ProbeResult> probe(RunnerAddress target, Duration timeout) {
    return HttpStatusRequest.send(target, path, timeout)
        .thenApply(
            found ->
                found == status
                    ? ProbeResult.healthy("HTTP " + found)
                    : ProbeResult.unhealthy("HTTP " + found));
  }
}
