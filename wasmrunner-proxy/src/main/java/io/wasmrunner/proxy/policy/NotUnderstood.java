package io.wasmrunner.proxy.policy;

/** A schema says something that the quick way does not know. */
final class NotUnderstood extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotUnderstood() {
    super("not understood", null, false, false);
  }

  static void unless(boolean understood) {
    if (!understood) {
      throw new NotUnderstood();
    }
  }
}
