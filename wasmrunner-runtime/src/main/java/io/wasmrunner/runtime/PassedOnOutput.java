package io.wasmrunner.runtime;

import io.wasmrunner.spi.RunnerOutput;
import java.io.PrintStream;
import java.nio.ByteBuffer;

/** Passes a runner's output on to streams, byte for byte. */
final class PassedOnOutput implements RunnerOutput {
  private final PrintStream out;
  private final PrintStream err;

  PassedOnOutput(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void stdout(ByteBuffer bytes) {
    copy(bytes, out);
  }

  @Override
  public void stderr(ByteBuffer bytes) {
    copy(bytes, err);
  }

  @Override
  public void host(String line) {
    err.println("wasmrunner: " + line);
  }

  private static void copy(ByteBuffer bytes, PrintStream stream) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    stream.write(copy, 0, copy.length);
    stream.flush();
  }
}
