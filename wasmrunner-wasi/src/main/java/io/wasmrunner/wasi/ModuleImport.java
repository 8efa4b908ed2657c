package io.wasmrunner.wasi;

/**
 * A function that a module imports.
 *
 * @param module import module, such as {@code wasi_snapshot_preview1}
 * @param name function name
 * @param signature type in WebAssembly text form, such as {@code (i32, i64) -> i32}
 */
public record ModuleImport(String module, String name, String signature) {
  @Override
  public String toString() {
    return module + "." + name + signature;
  }
}
