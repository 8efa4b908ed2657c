package io.wasmrunner.runtime;

import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.HealthProbeFactory;
import java.util.Map;

/** Makes {@link TcpProbe}s, which have no settings. */
final class TcpProbeFactory implements HealthProbeFactory {
  @Override
  public String name() {
    return TcpProbe.NAME;
  }

  @Override
  public HealthProbe create(Map<String, Object> settings) {
    return new TcpProbe();
  }
}
