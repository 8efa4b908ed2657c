package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.ProbeResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Health probe {@code tcp}: a connection can be opened. */
final class TcpProbe implements HealthProbe {
  static final String NAME = "tcp";

  @Override
  public CompletionStage<ProbeResult> probe(RunnerAddress target, Duration timeout) {
    return ProbeConnection.open(
        target,
        timeout,
        connection -> {
          connection.complete(ProbeResult.healthy("connected"));
          connection.close();
        });
  }
}
