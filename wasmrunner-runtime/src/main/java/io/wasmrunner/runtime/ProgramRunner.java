package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.wasi.Engine;
import io.wasmrunner.wasi.EngineOptions;
import io.wasmrunner.wasi.Guest;
import io.wasmrunner.wasi.GuestConfig;
import io.wasmrunner.wasi.GuestExit;
import io.wasmrunner.wasi.ModuleException;
import io.wasmrunner.wasi.OutputSink;
import io.wasmrunner.wasi.Preopen;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link Program} in this process until it ends. Code from the cache is used; without it the
 * program starts interpreted at once, and when it runs for more than a second, the cache is filled
 * meanwhile for the next time. It may listen on loopback addresses only. {@link #stop} may be
 * called from any thread.
 */
public final class ProgramRunner {
  /** Most programs of a shell are over by then, and need no compiler beside them. */
  private static final Duration COMPILE_AFTER = Duration.ofSeconds(1);

  private final Program program;
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private volatile boolean stopped;
  private volatile @Nullable Guest running;

  /**
   * Makes a runner.
   *
   * @param program what to run
   * @param in its standard input, read as it asks for it
   * @param out its standard output, written as it writes it
   * @param err its standard error, and what wasmrunner has to say about its end
   */
  public ProgramRunner(Program program, InputStream in, OutputStream out, OutputStream err) {
    this.program = program;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the program.
   *
   * @return its own exit code, or one of the constants of {@link ForegroundRunner}
   * @throws WasmrunnerException when it cannot be started, with the engine's code
   */
  public int run() {
    try (Engine engine = Engine.create(EngineOptions.defaults(program.cacheFolder()))) {
      Guest guest = Guest.start(engine.load(program.file(), COMPILE_AFTER), config());
      running = guest;
      if (stopped) {
        guest.stop();
      }
      return status(guest.exit().toCompletableFuture().join());
    } catch (ModuleException e) {
      throw new WasmrunnerException(e.code(), e.problem(), e.fix(), e);
    }
  }

  /** Ends the program soon; {@link #run} then returns. */
  public void stop() {
    stopped = true;
    Guest guest = running;
    if (guest != null) {
      guest.stop();
    }
  }

  private GuestConfig config() {
    String name = String.valueOf(program.file().getFileName());
    List<String> args = new ArrayList<>(List.of(name));
    args.addAll(program.args());
    return GuestConfig.builder(name)
        .args(args)
        .env(program.env())
        .stdin(in)
        .stdout(sink(out))
        .stderr(sink(err))
        .preopens(
            program.folders().stream()
                .map(folder -> new Preopen(folder.host(), folder.guest(), folder.writable()))
                .toList())
        .memoryLimitBytes((long) program.memoryLimitMb() << 20)
        .build();
  }

  private static OutputSink sink(OutputStream stream) {
    return bytes -> {
      try {
        stream.write(bytes);
        stream.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private int status(GuestExit exit) {
    if (exit instanceof GuestExit.Exited exited) {
      return exited.code();
    }
    if (exit instanceof GuestExit.Stopped) {
      return ForegroundRunner.EXIT_STOPPED;
    }
    tell("wasmrunner: " + program.file() + " " + exit.describe());
    if (exit instanceof GuestExit.Trapped trapped) {
      tell(trapped.backtrace());
      return ForegroundRunner.EXIT_TRAP;
    }
    if (exit instanceof GuestExit.StackOverflow overflow) {
      tell(overflow.backtrace());
      return ForegroundRunner.EXIT_TRAP;
    }
    if (exit instanceof GuestExit.DescriptorLimit limit) {
      return status(limit.then());
    }
    return exit instanceof GuestExit.MemoryLimit
        ? ForegroundRunner.EXIT_MEMORY_LIMIT
        : ForegroundRunner.EXIT_FAILURE;
  }

  private void tell(List<String> backtrace) {
    backtrace.forEach(function -> tell("    at " + function));
  }

  private void tell(String line) {
    try {
      err.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      stopped = true; // nobody listens any more; the exit status still tells
    }
  }
}
