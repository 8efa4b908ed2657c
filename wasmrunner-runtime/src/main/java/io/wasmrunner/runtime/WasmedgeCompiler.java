package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Compiles modules by {@code wasmedge compile}, one at a time, in the background. Thread-safe. */
final class WasmedgeCompiler {
  static final String NOT_COMPILED = "WR-2073";

  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final int WAITING = 1000;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          5,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING),
          work -> {
            Thread made = new Thread(work, "wasmedge-compile");
            made.setDaemon(true);
            return made;
          });

  WasmedgeCompiler() {
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * The compiled form of a module, from the cache or made anew.
   *
   * @return completes exceptionally with WR-2073 when it cannot be compiled
   */
  CompletableFuture<Path> compile(
      WasmedgeProgram program, Path module, WasmedgeCache cache, ToolRuns tools) {
    try {
      return CompletableFuture.supplyAsync(() -> compileNow(program, module, cache, tools), thread);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(failure(module, "too many modules wait", e));
    }
  }

  private Path compileNow(
      WasmedgeProgram program, Path module, WasmedgeCache cache, ToolRuns tools) {
    try {
      String name = cache.name(ModuleDigest.of(module), program.version());
      return cache.get(name, target -> run(program, module, target, tools));
    } catch (IOException e) {
      throw failure(module, CleanText.of(String.valueOf(e.getMessage())), e);
    }
  }

  private void run(WasmedgeProgram program, Path module, Path target, ToolRuns tools)
      throws IOException {
    ToolRun run =
        tools.run(
            "wasmedge compile " + module.getFileName(), program.compile(module, target), LIMIT);
    if (run.status() != 0) {
      throw new IOException("status " + run.status() + ": " + run.lastLine());
    }
  }

  private static WasmrunnerException failure(Path module, String what, Exception cause) {
    return new WasmrunnerException(
        NOT_COMPILED,
        module.getFileName() + " could not be compiled by wasmedge and stays interpreted: " + what,
        "Run wasmedge compile by hand on it, or choose the launcher embedded.",
        cause);
  }
}
