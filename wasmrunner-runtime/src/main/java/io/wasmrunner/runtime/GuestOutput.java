package io.wasmrunner.runtime;

import io.wasmrunner.wasi.OutputSink;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Passes an embedded guest's output on where it stands in the guest's memory, without a copy. */
record GuestOutput(Consumer<ByteBuffer> target) implements OutputSink {
  @Override
  public void write(byte[] bytes) {
    target.accept(ByteBuffer.wrap(bytes));
  }

  @Override
  public void write(ByteBuffer bytes) {
    target.accept(bytes);
  }
}
