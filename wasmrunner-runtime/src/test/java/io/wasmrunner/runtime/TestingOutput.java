package io.wasmrunner.runtime;

import io.wasmrunner.spi.RunnerOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keeps what a runner prints. */
final class TestingOutput implements RunnerOutput {
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();
  private final StringBuilder host = new StringBuilder();

  @Override
  public synchronized void stdout(ByteBuffer bytes) {
    out.append(StandardCharsets.UTF_8.decode(bytes));
  }

  @Override
  public synchronized void stderr(ByteBuffer bytes) {
    err.append(StandardCharsets.UTF_8.decode(bytes));
  }

  @Override
  public synchronized void host(String line) {
    host.append(line).append('\n');
  }

  synchronized String out() {
    return out.toString();
  }

  synchronized String err() {
    return err.toString();
  }

  synchronized String host() {
    return host.toString();
  }
}
