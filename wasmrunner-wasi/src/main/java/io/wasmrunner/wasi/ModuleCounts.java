package io.wasmrunner.wasi;

import java.nio.file.Path;

/**
 * Holds the counts and lengths in a module against its bytes before it is parsed: the parser makes
 * room for as many elements as a few bytes ask for. Looks at those sections only where it does so;
 * whatever else is wrong is left to the parser.
 */
final class ModuleCounts {
  /** Of one function, parameters not counted; what other engines allow too. */
  static final int MAX_LOCALS = 50_000;

  private static final int HEADER_BYTES = 8;
  private static final int TYPES = 1;
  private static final int IMPORTS = 2;
  private static final int EXPORTS = 7;
  private static final int ELEMENTS = 9;
  private static final int CODE = 10;
  private static final int DATA = 11;

  private final Path file;
  private final LebReader in;

  private ModuleCounts(Path file, LebReader in) {
    this.file = file;
    this.in = in;
  }

  /** Fails with the reason when a count cannot be true, or is more than we allow. */
  static void require(Path file, byte[] module) {
    SectionReader sections = new SectionReader(module, HEADER_BYTES);
    while (sections.next()) {
      LebReader in = new LebReader(module, sections.start(), sections.end());
      ModuleCounts section = new ModuleCounts(file, in);
      switch (sections.id()) {
        case TYPES -> section.each(section::type);
        case IMPORTS -> section.each(section::imported);
        case EXPORTS -> section.each(section::export);
        case ELEMENTS -> section.each(section::element);
        case CODE -> section.each(section::body);
        case DATA -> section.each(section::data);
        default -> {}
      }
    }
    if (sections.head() < module.length) {
      throw ModuleCheck.malformed(
          file, "the section at byte " + sections.head() + " of its code is cut off", null);
    }
  }

  private void each(Runnable element) {
    int count = count();
    for (int i = 0; i < count; i++) {
      element.run();
    }
  }

  /** A number of elements that follow, of a byte or more each. */
  private int count() {
    int count = in.u32();
    if (count < 0 || count > in.left()) {
      throw ModuleCheck.malformed(file, "it names more elements or bytes than it has", null);
    }
    return count;
  }

  private int number() {
    int number = in.u32();
    if (number < 0) {
      throw ModuleCheck.malformed(file, "a number in it is too large or cut off", null);
    }
    return number;
  }

  private int one() {
    int one = in.u8();
    if (one < 0) {
      throw ModuleCheck.malformed(file, "a section ends too early", null);
    }
    return one;
  }

  private void skip(int bytes) {
    if (bytes > in.left()) {
      throw ModuleCheck.malformed(file, "a section ends too early", null);
    }
    in.skip(bytes);
  }

  /** A number of any size and sign. */
  private void skipNumber() {
    while (one() >= 0x80) {}
  }

  private void skipCounted() {
    skip(count());
  }

  private void type() {
    int form = one();
    if (form == 0x4e || form == 0x4f || form == 0x50 || form == 0x5e || form == 0x5f) {
      throw ModuleCheck.collectedTypes(file);
    }
    if (form != 0x60) {
      throw ModuleCheck.malformed(file, "there is no type of form " + form, null);
    }
    each(this::valueType);
    each(this::valueType);
  }

  private void valueType() {
    int type = one();
    if (type == 0x63 || type == 0x64) { // a reference to what follows
      skipNumber();
    }
  }

  private void limits() {
    boolean hasMaximum = (one() & 1) != 0;
    skipNumber();
    if (hasMaximum) {
      skipNumber();
    }
  }

  private void imported() {
    skipCounted();
    skipCounted();
    switch (one()) {
      case 0 -> skipNumber();
      case 1 -> {
        valueType();
        limits();
      }
      case 2 -> limits();
      case 3 -> {
        valueType();
        one();
      }
      case 4 -> {
        one();
        skipNumber();
      }
      default -> throw ModuleCheck.malformed(file, "it imports something unknown", null);
    }
  }

  private void export() {
    skipCounted();
    one();
    skipNumber();
  }

  private void element() {
    int flags = number();
    boolean active = (flags & 1) == 0;
    boolean expressions = (flags & 4) != 0;
    if (flags > 7) {
      throw ModuleCheck.malformed(file, "there are no elements of kind " + flags, null);
    }
    if (active) {
      if ((flags & 2) != 0) {
        skipNumber();
      }
      expression();
    }
    if ((flags & 3) != 0) {
      if (expressions) {
        valueType();
      } else {
        one();
      }
    }
    each(expressions ? this::expression : this::skipNumber);
  }

  private void data() {
    int mode = number();
    if (mode > 2) {
      throw ModuleCheck.malformed(file, "there is no data of kind " + mode, null);
    }
    if (mode == 2) {
      skipNumber();
    }
    if (mode != 1) {
      expression();
    }
    skipCounted();
  }

  /** Of constants, which is what sections other than the code may have. */
  private void expression() {
    for (int code = one(); code != 0x0b; code = one()) {
      switch (code) {
        case 0x23, 0x41, 0x42, 0xd0, 0xd2 -> skipNumber();
        case 0x43 -> skip(4);
        case 0x44 -> skip(8);
        case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> {}
        case 0xfb -> throw ModuleCheck.collectedTypes(file);
        case 0xfd -> {
          skipNumber();
          skip(16);
        }
        default ->
            throw ModuleCheck.malformed(file, "an offset or value in it is no constant", null);
      }
    }
  }

  private void body() {
    int size = count();
    int end = in.position() + size;
    int groups = number();
    long locals = 0;
    for (int i = 0; i < groups; i++) {
      locals += number();
      if (locals > MAX_LOCALS) {
        throw ModuleCheck.tooManyLocals(file);
      }
      valueType();
    }
    if (in.position() > end) {
      throw ModuleCheck.malformed(file, "a function ends too early", null);
    }
    in.skip(end - in.position());
  }
}
