package io.wasmrunner.runtime;

import io.wasmrunner.model.CallCount;
import io.wasmrunner.model.ExitCause;
import io.wasmrunner.model.RunnerActivity;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerUsage;
import io.wasmrunner.wasi.CodeState;
import io.wasmrunner.wasi.Guest;
import io.wasmrunner.wasi.GuestExit;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** A guest on a thread of this process. */
final class EmbeddedRunner implements RunnerHandle {
  /** Frames of a backtrace that are kept. */
  private static final int MOST_FRAMES = 32;

  private final Guest guest;
  private final RunnerNetwork network;
  private final CompletionStage<RunnerExit> exit;
  private volatile boolean stopping;
  private volatile boolean handsOver;
  private volatile OptionalInt exitCode = OptionalInt.empty();

  EmbeddedRunner(Guest guest, RunnerNetwork network, Clock clock) {
    this.guest = guest;
    this.network = network;
    this.exit = guest.exit().thenApply(end -> classify(end, clock));
  }

  @Override
  public CompletionStage<RunnerExit> exit() {
    return exit;
  }

  @Override
  public OptionalInt exitCode() {
    return exitCode;
  }

  @Override
  public void stop() {
    handsOver = false;
    end();
  }

  @Override
  public void handOver() {
    handsOver = true;
    network.handOver();
    end();
  }

  @Override
  public boolean keepsPort() {
    return true;
  }

  @Override
  public Optional<RunnerAddress> innerAddress() {
    return network.own().flatMap(TakeOver::addressOf);
  }

  @Override
  public CompletionStage<Void> takeOver(Optional<RunnerHandle> predecessor) {
    return new TakeOver(this, predecessor.map(EmbeddedRunner.class::cast)).run();
  }

  Guest guest() {
    return guest;
  }

  RunnerNetwork network() {
    return network;
  }

  private void end() {
    stopping = true;
    guest.stop();
  }

  /** Whether the port stays open for the next generation. */
  boolean handsOver() {
    return handsOver;
  }

  @Override
  public RunnerUsage usage() {
    return new RunnerUsage(
        guest.memoryBytes(),
        guest.memoryLimitBytes(),
        guest.memoryRefusals(),
        guest.cpuTime(),
        guest.sinceLastHostCall(),
        guest.inHostCall(),
        code(guest.codeState()),
        new RunnerActivity(
            guest.throttled(),
            guest.openDescriptors(),
            guest.descriptorLimit(),
            guest.descriptorRefusals(),
            guest.lastHostCall(),
            calls()));
  }

  private Map<String, CallCount> calls() {
    Map<String, CallCount> calls = new LinkedHashMap<>();
    guest
        .hostCalls()
        .forEach((name, count) -> calls.put(name, new CallCount(count.calls(), count.errors())));
    return calls;
  }

  private RunnerExit classify(GuestExit end, Clock clock) {
    GuestExit last = end instanceof GuestExit.DescriptorLimit limit ? limit.then() : end;
    if (last instanceof GuestExit.Exited exited) {
      exitCode = OptionalInt.of(exited.code());
    }
    ExitCause cause = cause(end);
    String detail = end.describe();
    if (cause == ExitCause.PORT_IN_USE) {
      detail = network.bindFailure().orElse(detail);
    }
    return new RunnerExit(clock.instant(), cause, detail, backtrace(end));
  }

  private static List<String> backtrace(GuestExit end) {
    List<String> all = List.of();
    if (end instanceof GuestExit.Trapped trapped) {
      all = trapped.backtrace();
    } else if (end instanceof GuestExit.StackOverflow overflow) {
      all = overflow.backtrace();
    }
    return all.subList(0, Math.min(all.size(), MOST_FRAMES));
  }

  private ExitCause cause(GuestExit end) {
    if (end instanceof GuestExit.MemoryLimit) {
      return ExitCause.MEMORY_LIMIT;
    }
    if (end instanceof GuestExit.DescriptorLimit) {
      return ExitCause.DESCRIPTOR_LIMIT;
    }
    if (end instanceof GuestExit.Stopped) {
      return stopping ? ExitCause.STOPPED : ExitCause.KILLED;
    }
    boolean ended = end instanceof GuestExit.Exited || end instanceof GuestExit.Trapped;
    if (ended && network.bindFailure().isPresent()) {
      return ExitCause.PORT_IN_USE;
    }
    if (end instanceof GuestExit.Exited exited) {
      return exited.code() == 0 ? ExitCause.COMPLETED : ExitCause.EXIT_CODE;
    }
    if (end instanceof GuestExit.Trapped) {
      return ExitCause.TRAP;
    }
    return end instanceof GuestExit.StackOverflow
        ? ExitCause.STACK_OVERFLOW
        : ExitCause.ENGINE_FAILURE;
  }

  private static String code(CodeState state) {
    return switch (state) {
      case COMPILED -> "compiled";
      case COMPILING -> "compiling";
      case INTERPRETED, COMPILE_FAILED -> "interpreted";
    };
  }
}
