package io.wasmrunner.spi;

import java.nio.ByteBuffer;

/** Takes what a runner prints and does. Must not block; called on the runner's threads. */
public interface RunnerOutput {
  /** Bytes of standard output; valid during the call only. */
  void stdout(ByteBuffer bytes);

  /** Bytes of standard error; valid during the call only. */
  void stderr(ByteBuffer bytes);

  /** A line by the launcher itself, for the operator. */
  void host(String line);

  /**
   * The runner used something outside itself, or was refused it. A launcher that sees this tells it
   * once for each use that is allowed, and every time for each that is not. Default: ignored.
   */
  default void accessed(Access access) {}
}
