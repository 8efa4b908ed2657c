package io.wasmrunner.runtime;

import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.RunnerOutput;
import java.io.PrintStream;
import java.nio.ByteBuffer;

/** Passes a runner's output on to streams, byte for byte. */
final class PassedOnOutput implements RunnerOutput {
  private final PrintStream out;
  private final PrintStream err;
  private final CapabilityRecord capabilities;

  PassedOnOutput(PrintStream out, PrintStream err, CapabilityRecord capabilities) {
    this.out = out;
    this.err = err;
    this.capabilities = capabilities;
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

  @Override
  public void accessed(Access access) {
    capabilities.add(0, access);
  }

  private static void copy(ByteBuffer bytes, PrintStream stream) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    stream.write(copy, 0, copy.length);
    stream.flush();
  }
}
