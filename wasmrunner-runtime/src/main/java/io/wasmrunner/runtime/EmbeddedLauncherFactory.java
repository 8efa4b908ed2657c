package io.wasmrunner.runtime;

import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.LauncherFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes {@link EmbeddedLauncher}s. All launchers of one context share one engine and one memory
 * budget; the engine closes with the last of them.
 */
final class EmbeddedLauncherFactory implements LauncherFactory {
  static final String NAME = "embedded";

  private final Map<LauncherContext, EmbeddedEngine> engines = new HashMap<>();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public EmbeddedLauncher create(Map<String, Object> settings, LauncherContext context) {
    synchronized (engines) {
      EmbeddedEngine engine = engines.computeIfAbsent(context, EmbeddedEngine::new);
      engine.users++;
      return new EmbeddedLauncher(engine, () -> release(engine));
    }
  }

  @Override
  public boolean enforcesCapabilities() {
    return true;
  }

  private void release(EmbeddedEngine engine) {
    synchronized (engines) {
      engine.users--;
      if (engine.users == 0) {
        engines.remove(engine.context());
        engine.close();
      }
    }
  }
}
