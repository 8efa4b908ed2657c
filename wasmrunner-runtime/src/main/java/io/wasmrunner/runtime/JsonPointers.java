package io.wasmrunner.runtime;

/** Writes JSON pointers (RFC 6901). */
final class JsonPointers {
  private JsonPointers() {}

  /** The pointer of a member or element of what {@code parent} points to. */
  static String child(String parent, Object keyOrIndex) {
    return parent + "/" + keyOrIndex.toString().replace("~", "~0").replace("/", "~1");
  }
}
