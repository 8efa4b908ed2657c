package io.wasmrunner.runtime;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command line of a child JVM. */
final class JvmCommand {
  static final String NO_JAVA = "WR-2074";

  /** Heap for the engine itself; linear memory lies outside of the heap. */
  private static final int LEAST_HEAP_MB = 96;

  /** Compiling a module takes about so many times its size. */
  private static final int HEAP_PER_MODULE = 48;

  /** For network buffers. */
  private static final int FURTHER_DIRECT_MB = 32;

  private static final int FIRST_WITH_UNSAFE_WARNING = 24;

  /**
   * What the manifest opens for {@code java -jar}: folders of guests are held open by handles,
   * their memory is accessed directly.
   */
  private static final List<String> OPENS =
      List.of(
          "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");

  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

  private final OptionalInt heapMb;
  private final List<String> options;

  JvmCommand(OptionalInt heapMb, List<String> options) {
    this.heapMb = heapMb;
    this.options = List.copyOf(options);
  }

  /**
   * The command for a module with this limit. Its environment holds nothing but the language of
   * file names: the guest's travels in {@link GuestOrder}.
   *
   * @throws WasmrunnerException WR-2074 when this JVM cannot start another like itself
   */
  ChildCommand of(Path module, long memoryLimitBytes) {
    List<String> words = new ArrayList<>();
    words.add(java().toString());
    words.add("-Xms16m");
    words.add("-Xmx" + heapMb.orElseGet(() -> heapMb(module)) + "m");
    words.add("-XX:MaxDirectMemorySize=" + directMb(memoryLimitBytes) + "m");
    if (options.stream().noneMatch(option -> COLLECTOR.matcher(option).matches())) {
      words.add("-XX:+UseSerialGC");
    }
    words.add("-XX:-DontCompileHugeMethods");
    if (options.stream().noneMatch(option -> option.startsWith("-XX:" + JitFlag.COMPILERS))) {
      words.addAll(JitFlag.compilers(Runtime.getRuntime().availableProcessors()));
    }
    words.add("-XX:+DisplayVMOutputToStderr");
    words.add("-XX:-UsePerfData");
    if (Runtime.version().feature() >= FIRST_WITH_UNSAFE_WARNING) {
      words.add("--sun-misc-unsafe-memory-access=allow");
    }
    words.addAll(OPENS);
    words.addAll(options);
    words.add("-cp");
    words.add(classPath());
    words.add(GuestProcess.class.getName());
    return new ChildCommand(words, language(), Path.of("").toAbsolutePath());
  }

  /** Without it the child would read and write file names in ASCII. Messages stay English. */
  private static Map<String, String> language() {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .map(System::getenv)
        .filter(value -> value != null && !value.isEmpty())
        .findFirst()
        .map(value -> Map.of("LC_CTYPE", value))
        .orElse(Map.of());
  }

  /** Checks that another JVM can be started; as {@link #of}. */
  static void check() {
    java();
    classPath();
  }

  /** Growing memory copies it, so it is there twice for a moment. */
  private static long directMb(long memoryLimitBytes) {
    return 2 * (memoryLimitBytes >> 20) + FURTHER_DIRECT_MB;
  }

  private static int heapMb(Path module) {
    try {
      long megabytes = (HEAP_PER_MODULE * Files.size(module)) >> 20;
      return (int) Math.min(4096, LEAST_HEAP_MB + megabytes);
    } catch (IOException e) {
      return LEAST_HEAP_MB; // the child says what is wrong with the file
    }
  }

  private static Path java() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    if (!Files.isExecutable(java)) {
      throw new WasmrunnerException(
          NO_JAVA,
          "there is no " + java + " to start another JVM with",
          "Run wasmrunner with a complete Java, or choose another launcher.");
    }
    return java;
  }

  private static String classPath() {
    String resource = GuestProcess.class.getName().replace('.', '/') + ".class";
    if (ClassLoader.getSystemResource(resource) == null) {
      throw new WasmrunnerException(
          NO_JAVA,
          "wasmrunner is not on the class path of this JVM, so another cannot load it",
          "Start wasmrunner from its jar, or choose another launcher.");
    }
    return System.getProperty("java.class.path", "");
  }
}
