package io.wasmrunner.runtime;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Finds, checks, starts and watches the services, and tells the others about them over the bus.
 *
 * <p>The start completes when the services are loaded and their runners are being started, not when
 * they are healthy; the stop when all runners have ended.
 */
public final class RuntimeVerticle extends VerticleBase {
  private final RuntimeOptions options;

  /** Makes a runtime; nothing happens before it is deployed. */
  public RuntimeVerticle(RuntimeOptions options) {
    this.options = options;
  }

  @Override
  public Future<?> start() {
    return vertx.executeBlocking(() -> ServiceCatalogue.load(options));
  }
}
