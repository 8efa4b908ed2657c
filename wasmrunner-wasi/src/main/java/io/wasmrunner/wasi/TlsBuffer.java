package io.wasmrunner.wasi;

import java.nio.ByteBuffer;

/** Bytes on their way through a {@link TlsCodec}: first in, first out, never more than a limit. */
final class TlsBuffer {
  /** Room for some records of 16 KiB, and what rustls holds at most. */
  static final int LIMIT_BYTES = 64 << 10;

  /** What an empty buffer may keep for its next use. */
  private static final int KEPT_BYTES = 4 << 10;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  /** From 0 to its position is what the buffer holds. */
  private ByteBuffer content = NONE;

  int size() {
    return content.position();
  }

  int room() {
    return LIMIT_BYTES - content.position();
  }

  /** The buffer, to add {@code bytes} at its position, no more than {@link #room}. */
  ByteBuffer writable(int bytes) {
    if (content.remaining() < bytes) {
      int needed = content.position() + bytes;
      int capacity = Math.min(LIMIT_BYTES, Math.max(needed, content.capacity() * 2));
      content = ByteBuffer.allocate(capacity).put(content.flip());
    }
    return content;
  }

  /** The content, to be taken from its position on; then {@link #taken}. */
  ByteBuffer readable() {
    return content.flip();
  }

  void taken() {
    content.compact();
    if (content.position() == 0 && content.capacity() > KEPT_BYTES) {
      content = NONE;
    }
  }

  /** Adds as many of these bytes as there is room for, and returns their number. */
  int add(GuestMemory memory, int address, int length) {
    int n = Math.min(length, room());
    ByteBuffer target = writable(n);
    target.put(target.position(), memory.buffer, address, n);
    target.position(target.position() + n);
    return n;
  }

  /** Moves as many bytes as fit to the guest, and returns their number. */
  int take(GuestMemory memory, int address, int length) {
    int n = Math.min(length, size());
    ByteBuffer source = readable();
    memory.buffer.put(address, source, 0, n);
    source.position(n);
    taken();
    return n;
  }

  void clear() {
    content = NONE;
  }
}
