package io.wasmrunner.wasi;

/**
 * Room on the stack for what must not be left half-done: a guest decides how deep its calls are
 * when it asks the host for something, and running out of stack just then would leak what all
 * guests share.
 */
final class StackReserve {
  /** Frames of at least 32 bytes: some 64 KiB, more than any path of ours needs. */
  private static final int FRAMES = 2048;

  private StackReserve() {}

  /** Throws StackOverflowError now, rather than later, when there is not enough. */
  static void require() {
    descend(FRAMES);
  }

  private static int descend(int frames) {
    return frames == 0 ? 0 : descend(frames - 1) + 1;
  }
}
