package io.wasmrunner.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Names of functions from a module's name section. They are looked up when a backtrace asks. */
final class FunctionNames {
  static final FunctionNames NONE = new FunctionNames(new byte[0]);

  private static final byte[] SECTION = {4, 'n', 'a', 'm', 'e'};
  private static final int FUNCTION_NAMES = 1;
  private static final int MAX_NAME_BYTES = 512;

  /** Number of names, then index, length and text of each, ascending. */
  private final byte[] table;

  private FunctionNames(byte[] table) {
    this.table = table;
  }

  /** The names in a custom section, or null when it is another one. */
  static @Nullable FunctionNames of(byte[] bytes, int start, int end) {
    int from = start + SECTION.length;
    if (from > end || !Arrays.equals(bytes, start, from, SECTION, 0, SECTION.length)) {
      return null;
    }
    SectionReader parts = new SectionReader(bytes, from, end);
    while (parts.next()) {
      if (parts.id() == FUNCTION_NAMES) {
        return new FunctionNames(Arrays.copyOfRange(bytes, parts.start(), parts.end()));
      }
    }
    return NONE;
  }

  /** The name as it may be shown: short, without unprintable characters. */
  String shown(int index) {
    return PrintableText.of(name(index));
  }

  /** The function's name, or {@code func[index]} for one without. */
  String name(int index) {
    LebReader reader = new LebReader(table, 0, table.length);
    int count = reader.u32();
    for (int i = 0; i < count; i++) {
      int at = reader.u32();
      int length = reader.u32();
      if (at < 0 || length < 0 || length > table.length - reader.position()) {
        break;
      }
      if (at == index) {
        int shown = Math.min(length, MAX_NAME_BYTES);
        return new String(table, reader.position(), shown, StandardCharsets.UTF_8);
      }
      reader.skip(length);
    }
    return "func[" + index + "]";
  }
}
