package io.wasmrunner.wasi;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** Modules written as text, in a folder of the test. */
final class TestingModules {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestingModules() {}

  /** The type that a signature in letters stands for. */
  static FunctionType type(String signature) {
    int colon = signature.indexOf(':');
    return FunctionType.of(
        types(signature.substring(0, colon)), types(signature.substring(colon + 1)));
  }

  private static List<ValType> types(String letters) {
    return letters.chars().mapToObj(c -> c == 'i' ? ValType.I32 : ValType.I64).toList();
  }

  /** A file with the module that this text describes. */
  static Path wat(Path folder, String text) {
    return bytes(folder, Wat2Wasm.parse(text));
  }

  /** A file with these bytes. */
  static Path bytes(Path folder, byte[] content) {
    try {
      return Files.write(folder.resolve("m" + NUMBER.incrementAndGet() + ".wasm"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A program with this body, that may use what {@code before} declares. */
  static Path program(Path folder, String before, String body) {
    return wat(folder, "(module " + before + "(func (export \"_start\") " + body + "))");
  }
}
