package io.wasmrunner.wasi;

import java.io.IOException;
import java.util.stream.Collectors;

/**
 * A host function.
 *
 * @param module import module
 * @param name name within its import module
 * @param signature parameters and result as letters, i for i32 and I for i64, such as {@code iI:i}
 * @param code what it does
 */
record WasiFunction(String module, String name, String signature, Code code) {
  /** The function itself. */
  @FunctionalInterface
  interface Code {
    /**
     * Runs on the guest's thread; parameters are zero- or sign-extended as the engine has them.
     * Gives the result, which is ignored for a function that has none.
     */
    int call(WasiHost host, long[] args) throws IOException;
  }

  /** A function whose result is an error number, as all of WASI are. */
  @FunctionalInterface
  interface Body {
    /** As {@link Code#call}. */
    Errno call(WasiHost host, long[] args) throws IOException;
  }

  /** A function of WASI. */
  WasiFunction(String name, String signature, Body body) {
    this(WasiFunctions.MODULE, name, signature, (host, args) -> body.call(host, args).code());
  }

  /** An error of the host's as this function gives it: others than those of WASI count anew. */
  int result(Errno errno) {
    return module.equals(WasiFunctions.MODULE) ? errno.code() : TlsError.GENERAL.code();
  }

  /** Whether a result means that the call failed; having to wait is no failure. */
  boolean failed(int result) {
    if (!module.equals(WasiFunctions.MODULE)) {
      return result < 0 && result != TlsError.WOULD_BLOCK.code();
    }
    return result != Errno.SUCCESS.code()
        && result != Errno.AGAIN.code()
        && result != Errno.INPROGRESS.code();
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
