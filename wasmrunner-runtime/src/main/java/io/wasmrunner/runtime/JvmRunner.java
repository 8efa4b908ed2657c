package io.wasmrunner.runtime;

import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.spi.RunnerUsage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A guest in a child JVM. Its linear memory and its end are told by the child, its CPU time by the
 * system.
 */
final class JvmRunner implements RunnerHandle, GuestFrames.Listener {
  private static final long LOG_BYTES_PER_SECOND = 64 << 10;

  private final RunnerOutput output;
  private final Clock clock;
  private final CompletableFuture<RunnerExit> exit = new CompletableFuture<>();
  private volatile @Nullable ChildProcess process;
  private volatile GuestFrames.@Nullable Exit told;
  private volatile @Nullable String broken;
  private volatile String lastWords = "";
  private volatile RunnerUsage lastUsage;
  private volatile long lastUsageNanos = System.nanoTime();

  /**
   * A runner that is about to start.
   *
   * @param limitBytes limit of its linear memory
   * @param compiled whether the child begins with compiled code
   */
  JvmRunner(RunnerOutput output, long limitBytes, boolean compiled, Clock clock) {
    this.output = output;
    this.clock = clock;
    this.lastUsage =
        new RunnerUsage(
            0, limitBytes, 0, Duration.ZERO, Duration.ZERO, compiled ? "compiled" : "interpreted");
  }

  /** Follows the process whose outputs it reads. */
  void follow(ChildProcess child) {
    process = child;
    child.exit().thenAccept(status -> exit.complete(classify(status, child.stopping())));
  }

  /** Reads the child's standard output. */
  void readFrames(InputStream stream) throws IOException {
    try {
      GuestFrames.read(stream, this);
    } catch (GuestFrames.BrokenException e) {
      broken = e.getMessage();
      throw new IllegalStateException("not from a guest", e); // the process is killed
    }
  }

  /** Reads the child's standard error: the log of its engine, and last words of its JVM. */
  void readLog(InputStream stream) throws IOException {
    LineSplitter lines =
        new LineSplitter(
            new OutputRate(
                LOG_BYTES_PER_SECOND,
                clock,
                dropped -> output.host(dropped + " lines of its JVM were dropped")),
            line -> {
              if (!line.isBlank()) {
                lastWords = line;
              }
              output.host(line);
            });
    ProcessOutput.pass(stream, lines::take);
    lines.flush();
  }

  @Override
  public CompletionStage<RunnerExit> exit() {
    return exit.minimalCompletionStage();
  }

  @Override
  public OptionalInt exitCode() {
    GuestFrames.Exit end = told;
    return end == null ? OptionalInt.empty() : end.code();
  }

  @Override
  public void stop() {
    ChildProcess child = process;
    if (child != null) {
      child.stop();
    }
  }

  @Override
  public RunnerUsage usage() {
    RunnerUsage guest = lastUsage;
    ChildProcess child = process;
    Duration age = Duration.ofNanos(System.nanoTime() - lastUsageNanos);
    return new RunnerUsage(
        guest.memoryBytes(),
        guest.memoryLimitBytes(),
        guest.memoryRefusals(),
        child == null ? Duration.ZERO : child.usage().cpu(),
        guest.idle().plus(age), // a child that says nothing is as still as its guest
        guest.waiting(),
        guest.code(),
        guest.activity());
  }

  private RunnerExit classify(int status, boolean stopping) {
    GuestFrames.Exit end = told;
    if (stopping) {
      return new RunnerExit(clock.instant(), ExitCause.STOPPED, "stopped");
    }
    if (end != null) {
      return new RunnerExit(clock.instant(), end.cause(), end.detail(), end.backtrace());
    }
    if (broken != null) {
      return failure("its JVM did not keep to the protocol: " + broken);
    }
    RunnerExit seen = ProcessExits.of(status, false, clock);
    return seen.cause() == ExitCause.KILLED
        ? seen
        : failure(
            "its JVM ended, status "
                + status
                + (lastWords.isEmpty() ? "" : "; last words: " + lastWords));
  }

  private RunnerExit failure(String detail) {
    return new RunnerExit(clock.instant(), ExitCause.ENGINE_FAILURE, detail);
  }

  /* ---- What the child tells ---- */

  @Override
  public void stdout(ByteBuffer bytes) {
    output.stdout(bytes);
  }

  @Override
  public void stderr(ByteBuffer bytes) {
    output.stderr(bytes);
  }

  @Override
  public void host(String line) {
    output.host(line);
  }

  @Override
  public void accessed(Access access) {
    output.accessed(access);
  }

  @Override
  public void usage(RunnerUsage usage) {
    lastUsageNanos = System.nanoTime();
    lastUsage = usage;
  }

  @Override
  public void exit(GuestFrames.Exit end) {
    told = end;
  }
}
