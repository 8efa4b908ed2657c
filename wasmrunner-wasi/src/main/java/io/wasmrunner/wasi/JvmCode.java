package io.wasmrunner.wasi;

import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.ClassLoadingCollector;
import run.endive.compiler.internal.Compiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;

/**
 * A module compiled to JVM classes. The only place that knows the compiler's inner classes: its
 * public door neither tells which functions stay interpreted nor writes a cache that can be
 * checked. The engine's artefacts are pinned together.
 *
 * @param mainClass name of the class that is the machine
 * @param classes class files by name, in the order in which they are to be defined
 * @param interpreted functions too large for a JVM method
 * @param imported number of imported functions, which come before the module's own
 * @param lint what the JIT would not compile
 */
record JvmCode(
    String mainClass,
    Map<String, byte[]> classes,
    SortedSet<Integer> interpreted,
    int imported,
    JitLint lint) {
  /** Part of every cache key. A test holds it to the version on the class path. */
  static final String ENGINE = "endive-1.0.0";

  static JvmCode compile(WasmModule module) {
    var result =
        Compiler.builder(module)
            .withInterpreterFallback(InterpreterFallback.SILENT)
            .withClassCollectorFactory(ClassLoadingCollector::new)
            .build()
            .compile();
    int imported = module.importSection().count(ExternalType.FUNCTION);
    return new JvmCode(
        result.collector().mainClassName(),
        HostArguments.in(result.classBytes(), imported),
        new TreeSet<>(result.interpretedFunctions()),
        imported,
        JitLinter.of(result.classBytes(), ModuleCheck.start(module)));
  }

  /** The part of the module that this code needs beside itself. */
  byte[] shell(byte[] module) {
    return ModuleShell.of(module, body -> interpreted.contains(imported + body));
  }

  /** Defines the classes, in a class loader of their own, and verifies them. */
  Function<Instance, Machine> define() {
    ClassLoadingCollector collector = new ClassLoadingCollector();
    classes.forEach(
        (name, bytes) -> {
          if (!name.equals(mainClass)) {
            collector.put(name, bytes);
          }
        });
    byte[] main = Objects.requireNonNull(classes.get(mainClass), mainClass);
    collector.putMainClass(mainClass, interpreted.isEmpty() ? main : BoundedFallback.in(main));
    return collector.machineFactory();
  }
}
