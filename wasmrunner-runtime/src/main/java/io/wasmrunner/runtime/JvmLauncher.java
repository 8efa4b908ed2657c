package io.wasmrunner.runtime;

import io.wasmrunner.model.ModuleHint;
import io.wasmrunner.spi.Launcher;
import io.wasmrunner.spi.LauncherContext;
import io.wasmrunner.spi.RunnerHandle;
import io.wasmrunner.spi.RunnerOutput;
import io.wasmrunner.spi.RunnerSpec;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launcher {@code jvm-process}: each guest in a JVM of its own. The module is checked and compiled
 * here, once, into the cache that the children read.
 */
final class JvmLauncher implements Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(JvmLauncher.class);

  private final EmbeddedLauncher embedded;
  private final JvmCommand command;
  private final ChildProcesses children;
  private final ProcessRecords records;
  private final LauncherContext context;
  private final Set<RunnerHandle> running = ConcurrentHashMap.newKeySet();
  private final Set<Path> compiled = ConcurrentHashMap.newKeySet();

  JvmLauncher(
      EmbeddedLauncher embedded,
      JvmCommand command,
      ChildProcesses children,
      LauncherContext context) {
    this.embedded = embedded;
    this.command = command;
    this.children = children;
    this.records = new ProcessRecords(context.stateFolder());
    this.context = context;
  }

  @Override
  public void check(Path module, long memoryLimitBytes) {
    JvmCommand.check();
    embedded.check(module, memoryLimitBytes);
  }

  @Override
  public CompletionStage<Void> prepare(Path module) {
    JvmCommand.check();
    return embedded.prepare(module).thenRun(() -> compiled.add(module));
  }

  @Override
  public Optional<String> digest(Path module) {
    return embedded.digest(module);
  }

  @Override
  public List<ModuleHint> hints(Path module) {
    return ModuleHints.withFlag(embedded.hints(module));
  }

  @Override
  public RunnerHandle start(RunnerSpec spec, RunnerOutput output) {
    GuestOrder order =
        new GuestOrder(
            spec,
            embedded.digest(spec.module()).orElseThrow(),
            GuestOrder.ownProperties(),
            context.cacheFolder().toAbsolutePath(),
            context.bindHost(),
            compiled.contains(spec.module()));
    byte[] bytes = order.toBytes(); // before there is a child that waits for it
    JvmRunner runner =
        new JvmRunner(output, spec.memoryLimitBytes(), order.compiled(), context.clock());
    ChildProcess child =
        children.start(
            command.of(spec.module(), spec.memoryLimitBytes()),
            spec.id().toString(),
            records,
            runner::readFrames,
            runner::readLog);
    output.host("runs as process " + child.pid());
    runner.follow(child);
    running.add(runner);
    runner.exit().thenRun(() -> running.remove(runner));
    send(bytes, child, spec);
    return runner;
  }

  /** The stream stays open: its end tells the child that we have gone. */
  private static void send(byte[] bytes, ChildProcess child, RunnerSpec spec) {
    try {
      DataOutputStream out = new DataOutputStream(child.stdin());
      out.writeInt(bytes.length);
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      LOG.debug("the JVM of {} ended at once", spec.id(), e); // its exit says why
    }
  }

  @Override
  public void close() {
    running.forEach(RunnerHandle::stop);
    embedded.close();
  }
}
