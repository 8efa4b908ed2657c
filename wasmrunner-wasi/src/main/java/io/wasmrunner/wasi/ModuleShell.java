package io.wasmrunner.wasi;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;

/**
 * A module whose function bodies are replaced by a trap, for code that is compiled already: what
 * remains (types, imports, tables, data) is parsed in a fraction of the time.
 */
final class ModuleShell {
  private static final int CODE_SECTION = 10;
  private static final int HEADER_BYTES = 8;
  private static final int UNREACHABLE = 0x00;
  private static final int END = 0x0b;

  private ModuleShell() {}

  /**
   * The module without bodies, but for those that {@code keep} names by their place in the code
   * section.
   */
  static byte[] of(byte[] module, IntPredicate keep) {
    ByteArrayOutputStream shell = new ByteArrayOutputStream(module.length / 2);
    shell.write(module, 0, HEADER_BYTES);
    SectionReader sections = new SectionReader(module, HEADER_BYTES);
    while (sections.next()) {
      if (sections.id() == CODE_SECTION) {
        byte[] code = code(module, sections.start(), sections.end(), keep);
        shell.write(CODE_SECTION);
        writeU32(shell, code.length);
        shell.writeBytes(code);
      } else {
        shell.write(module, sections.head(), sections.end() - sections.head());
      }
    }
    return shell.toByteArray();
  }

  private static byte[] code(byte[] module, int start, int end, IntPredicate keep) {
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    LebReader reader = new LebReader(module, start, end);
    int count = reader.u32();
    writeU32(code, count);
    for (int i = 0; i < count; i++) {
      int size = reader.u32();
      if (keep.test(i)) {
        writeU32(code, size);
        code.write(module, reader.position(), size);
      } else {
        writeU32(code, 3);
        code.write(0); // locals
        code.write(UNREACHABLE);
        code.write(END);
      }
      reader.skip(size);
    }
    return code.toByteArray();
  }

  private static void writeU32(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
