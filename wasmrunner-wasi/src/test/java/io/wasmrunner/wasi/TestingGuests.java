package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Starts guests and waits for them. */
final class TestingGuests {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private TestingGuests() {}

  /** An engine that runs everything interpreted at once, which is quickest for small programs. */
  static Engine interpreter(Path folder) {
    return Engine.create(new EngineOptions(folder.resolve("cache"), 0, 1, false));
  }

  /** An engine that compiles, with a cache. */
  static Engine compiler(Path folder) {
    return Engine.create(EngineOptions.defaults(folder.resolve("cache")));
  }

  static Module compiled(Engine engine, Path file) {
    Module module = engine.load(file);
    assertThat(get(module.compiled())).isEqualTo(CodeState.COMPILED);
    return module;
  }

  static GuestExit run(Module module, GuestConfig config) {
    return exit(Guest.start(module, config));
  }

  static GuestExit run(Module module) {
    return run(module, GuestConfig.builder("test").build());
  }

  static GuestExit exit(Guest guest) {
    return get(guest.exit());
  }

  static <T> T get(java.util.concurrent.CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("Not in time", e);
    }
  }
}
