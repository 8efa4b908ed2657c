package io.wasmrunner.runtime;

import io.wasmrunner.spi.ProbeResult;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A running command of a probe with its descendants. One thread waits for it, any may kill it. */
final class ProbeProcess {
  /** Pause between two looks at what it printed; its end is noticed at once. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  private static final Duration KILL_LIMIT = Duration.ofSeconds(1);

  private final Process process;
  private final ProcessTree tree;
  private final LastLine lastLine = new LastLine();

  private ProbeProcess(Process process) {
    this.process = process;
    this.tree = new ProcessTree(process.toHandle());
  }

  /** Starts it. Can block for as long as the system takes. */
  static ProbeProcess start(ProcessBuilder command) throws IOException {
    ProbeProcess started = new ProbeProcess(command.start());
    started.process.getOutputStream().close();
    return started;
  }

  /** Waits for its end, and kills it when it has not come by the deadline. Blocks. */
  ProbeResult await(ProbeDeadline deadline) throws IOException, InterruptedException {
    try (InputStream output = process.getInputStream()) {
      boolean ended = false;
      while (!ended && !deadline.isOver()) {
        ended = process.waitFor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        take(output);
      }
      return ended ? judge() : ProbeResult.unhealthy(told("it did not end in " + deadline));
    } finally {
      end();
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Kills it with its descendants. */
  void kill() {
    tree.kill();
  }

  private ProbeResult judge() {
    int status = process.exitValue();
    return status == 0
        ? ProbeResult.healthy(lastLine.text().orElse("exit status 0"))
        : ProbeResult.unhealthy(told("exit status " + status));
  }

  private String told(String what) {
    return lastLine.text().map(line -> what + ": " + line).orElse(what);
  }

  /**
   * Takes what is there and never waits for more: a descendant that got away may hold the output
   * open for ever.
   */
  private void take(InputStream output) throws IOException {
    // The stream's own lock: between the two calls the JDK would replace it at the process's end.
    synchronized (output) {
      lastLine.take(output.readNBytes(output.available()));
    }
  }

  private void end() throws InterruptedException {
    if (process.isAlive()) {
      kill();
      process.waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      tree.killDescendants(); // what was started in between
    }
  }
}
