package io.wasmrunner.wasi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of a module: read, told apart from what only looks like one, and without its custom
 * sections, which are most of a module with debug information and cost time to parse.
 *
 * @param digest {@code sha256:} and the hexadecimal digest of the whole file
 * @param size bytes of the whole file
 * @param code the module without custom sections
 * @param codeDigest digest of that, the same whatever another tool appends or strips
 * @param names content of the name section, for backtraces
 * @param sections the custom sections
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ModuleFile(
    String digest,
    long size,
    byte[] code,
    String codeDigest,
    FunctionNames names,
    List<CustomSection> sections) {
  static final String UNREADABLE = "WR-6001";
  static final String NOT_WASM = "WR-6002";
  static final String COMPONENT = "WR-6003";
  static final String TOO_LARGE = "WR-6004";

  private static final long MAX_BYTES = 256L << 20;
  private static final int MAX_SECTIONS = 1000;
  private static final int HEADER_BYTES = 8;
  private static final int MAGIC = 0x0061736d;
  private static final int CORE = 0x01000000;
  private static final int COMPONENT_VERSION = 0x0d000100;

  static ModuleFile read(Path file) {
    byte[] bytes = content(file);
    checkHeader(file, bytes);
    ByteArrayOutputStream code = new ByteArrayOutputStream(bytes.length);
    code.write(bytes, 0, HEADER_BYTES);
    FunctionNames names = FunctionNames.NONE;
    List<CustomSection> custom = new ArrayList<>();
    SectionReader sections = new SectionReader(bytes, HEADER_BYTES);
    while (sections.next()) {
      if (sections.id() == 0) {
        FunctionNames found = FunctionNames.of(bytes, sections.start(), sections.end());
        names = found == null ? names : found;
        if (custom.size() < MAX_SECTIONS) {
          custom.add(section(bytes, sections));
        }
      } else {
        code.write(bytes, sections.head(), sections.end() - sections.head());
      }
    }
    code.write(
        bytes, sections.head(), bytes.length - sections.head()); // broken: the parser says how
    byte[] rest = code.toByteArray();
    String digest = digest(bytes);
    return new ModuleFile(
        digest,
        bytes.length,
        rest,
        rest.length == bytes.length ? digest : digest(rest),
        names,
        List.copyOf(custom));
  }

  private static CustomSection section(byte[] bytes, SectionReader sections) {
    LebReader reader = new LebReader(bytes, sections.start(), sections.end());
    int length = reader.u32();
    boolean fits = length >= 0 && length <= sections.end() - reader.position();
    String name = fits ? new String(bytes, reader.position(), length, StandardCharsets.UTF_8) : "?";
    return new CustomSection(PrintableText.of(name), sections.end() - sections.head());
  }

  private static byte[] content(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModuleException(
            TOO_LARGE,
            file + " has " + (size >> 20) + " MiB, more than " + (MAX_BYTES >> 20) + " MiB.",
            "Build it in release mode and strip it (cargo: strip = true; C: -Wl,--strip-all).");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new ModuleException(
          UNREADABLE, file + " does not exist.", "Put the module there, or correct the path.", e);
    } catch (IOException e) {
      throw new ModuleException(
          UNREADABLE,
          file + " cannot be read: " + e + ".",
          "Check that it is a file and may be read.",
          e);
    }
  }

  private static void checkHeader(Path file, byte[] bytes) {
    if (bytes.length < HEADER_BYTES || int32(bytes, 0) != MAGIC) {
      throw new ModuleException(
          NOT_WASM,
          file + " is no WebAssembly module: it begins with " + beginning(bytes) + ".",
          "Give the .wasm file that the compiler wrote (it begins with 00 61 73 6d), not its text"
              + " form, an archive or an HTML page.");
    }
    int version = int32(bytes, 4);
    if (version == COMPONENT_VERSION) {
      throw new ModuleException(
          COMPONENT,
          file + " is a WebAssembly component (WASI Preview 2), and only core modules run here.",
          "Build for WASI Preview 1: Rust target wasm32-wasip1, clang target wasm32-wasi.");
    }
    if (version != CORE) {
      throw new ModuleException(
          NOT_WASM,
          file + " has WebAssembly version " + HexFormat.of().formatHex(bytes, 4, 8) + ".",
          "Build a core module of version 1 (01000000).");
    }
  }

  private static String beginning(byte[] bytes) {
    return bytes.length == 0
        ? "nothing, it is empty"
        : HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(bytes.length, HEADER_BYTES));
  }

  private static int int32(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
