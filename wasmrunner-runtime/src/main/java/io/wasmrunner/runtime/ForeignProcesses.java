package io.wasmrunner.runtime;

import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.spi.RunnerSpec;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runners of one launcher that are foreign programs. Thread-safe. */
final class ForeignProcesses {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignProcesses.class);

  private final ChildProcesses children;
  private final ProcessRecords records;
  private final Clock clock;
  private final Set<RunnerHandle> running = ConcurrentHashMap.newKeySet();

  ForeignProcesses(ChildProcesses children, LauncherContext context) {
    this.children = children;
    this.records = new ProcessRecords(context.stateFolder());
    this.clock = context.clock();
  }

  Clock clock() {
    return clock;
  }

  /** Starts a runner; its standard input is empty, as that of embedded ones. */
  RunnerHandle start(
      ChildCommand command,
      RunnerSpec spec,
      RunnerOutput output,
      MemoryRefusals refusals,
      String code) {
    MemoryRefusals.Watch watchOut = refusals.new Watch();
    MemoryRefusals.Watch watchErr = refusals.new Watch();
    ChildProcess process =
        children.start(
            command,
            spec.id().toString(),
            records,
            stream ->
                ProcessOutput.pass(
                    stream,
                    bytes -> {
                      watchOut.look(bytes);
                      output.stdout(bytes);
                    }),
            stream ->
                ProcessOutput.pass(
                    stream,
                    bytes -> {
                      watchErr.look(bytes);
                      output.stderr(bytes);
                    }));
    try {
      process.stdin().close();
    } catch (IOException e) {
      LOG.debug("{} has ended already", spec.id(), e);
    }
    output.host("runs as process " + process.pid());
    ProcessRunner runner = new ProcessRunner(process, spec, refusals, code, clock);
    running.add(runner);
    runner.exit().thenRun(() -> running.remove(runner));
    return runner;
  }

  void close() {
    running.forEach(RunnerHandle::stop);
  }
}
