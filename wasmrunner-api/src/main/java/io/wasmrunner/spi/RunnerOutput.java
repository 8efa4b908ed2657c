package io.wasmrunner.spi;

import java.nio.ByteBuffer;

/** Takes what a runner prints. Must not block; called on the runner's threads. */
public interface RunnerOutput {
  /** Bytes of standard output; valid during the call only. */
  void stdout(ByteBuffer bytes);

  /** Bytes of standard error; valid during the call only. */
  void stderr(ByteBuffer bytes);

  /** A line by the launcher itself, for the operator. */
  void host(String line);
}
