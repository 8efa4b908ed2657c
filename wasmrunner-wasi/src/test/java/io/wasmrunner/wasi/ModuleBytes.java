package io.wasmrunner.wasi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** Writes modules byte by byte, also such as no compiler would. */
final class ModuleBytes {
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A module without sections. */
  static ModuleBytes module() {
    return new ModuleBytes().raw(HEADER);
  }

  /** A module with a {@code _start} of this code, which has to end with 0x0b. */
  static byte[] program(ModuleBytes locals, byte[] code) {
    ModuleBytes body = new ModuleBytes().raw(locals.toByteArray()).raw(code);
    return start(module()).section(10, vector(1).sized(body)).toByteArray();
  }

  /** Types, one function, and its export as {@code _start}; the code is missing. */
  static ModuleBytes start(ModuleBytes module) {
    return module
        .section(1, vector(1).raw(0x60, 0, 0))
        .section(3, vector(1).raw(0))
        .section(7, startExport());
  }

  static ModuleBytes startExport() {
    return vector(1).sized(new ModuleBytes().raw("_start".getBytes(US_ASCII))).raw(0, 0);
  }

  /** A vector that says to have this many elements; they follow. */
  static ModuleBytes vector(long count) {
    return new ModuleBytes().number(count);
  }

  ModuleBytes raw(byte... more) {
    bytes.writeBytes(more);
    return this;
  }

  ModuleBytes raw(int... more) {
    for (int b : more) {
      bytes.write(b);
    }
    return this;
  }

  ModuleBytes repeat(int count, int... pattern) {
    for (int i = 0; i < count; i++) {
      raw(pattern);
    }
    return this;
  }

  /** An unsigned number of variable length. */
  ModuleBytes number(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return this;
  }

  ModuleBytes sized(ModuleBytes content) {
    return number(content.bytes.size()).raw(content.toByteArray());
  }

  ModuleBytes section(int id, ModuleBytes content) {
    bytes.write(id);
    return sized(content);
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
