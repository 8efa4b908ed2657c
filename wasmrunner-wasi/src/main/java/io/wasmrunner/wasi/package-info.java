/**
 * Runs unmodified WASI Preview 1 modules, with WasmEdge's socket extension, inside the JVM.
 *
 * <p>{@link io.wasmrunner.wasi.Engine} opens modules, {@link io.wasmrunner.wasi.Guest} runs one on
 * a thread of its own, {@link io.wasmrunner.wasi.GuestConfig} says what it may use, and {@link
 * io.wasmrunner.wasi.GuestExit} says why it ended.
 */
@org.jspecify.annotations.NullMarked
package io.wasmrunner.wasi;
