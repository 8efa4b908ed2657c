package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.stream.Collectors;

/**
 * A host function.
 *
 * @param name name within its import module
 * @param signature parameters and result as letters, i for i32 and I for i64, such as {@code iI:i}
 * @param body what it does; without a result, the error number is ignored
 */
record WasiFunction(String name, String signature, Body body) {
  /** The function itself. */
  @FunctionalInterface
  interface Body {
    /** Runs on the guest's thread; parameters are zero- or sign-extended as the engine has them. */
    Errno call(WasiHost host, long[] args) throws IOException;
  }

  boolean hasResult() {
    return !signature.endsWith(":");
  }

  /** The type in WebAssembly text form. */
  static String describe(String signature) {
    int colon = signature.indexOf(':');
    String result = signature.substring(colon + 1);
    return "("
        + types(signature.substring(0, colon))
        + ") -> "
        + (result.length() == 1 ? types(result) : "(" + types(result) + ")");
  }

  private static String types(String letters) {
    return letters.chars().mapToObj(WasiFunction::type).collect(Collectors.joining(", "));
  }

  private static String type(int letter) {
    return switch (letter) {
      case 'i' -> "i32";
      case 'I' -> "i64";
      case 'f' -> "f32";
      case 'F' -> "f64";
      case 'V' -> "v128";
      default -> "ref";
    };
  }
}
