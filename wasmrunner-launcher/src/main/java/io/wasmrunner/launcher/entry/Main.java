package io.wasmrunner.launcher.entry;

/**
 * Entry class of the jar. Compiled for Java 8 and free of newer types, so that an old Java can tell
 * what is needed instead of failing with a class version error.
 */
public final class Main {
  private static final int NEEDED = 17;

  private Main() {}

  /** Starts wasmrunner, or explains why this Java cannot. */
  public static void main(String[] arguments) throws Throwable {
    String version = System.getProperty("java.specification.version", "unknown");
    if (feature(version) < NEEDED) {
      System.err.println(
          "WR-1001: wasmrunner needs Java "
              + NEEDED
              + " or newer, this is Java "
              + version
              + " at "
              + System.getProperty("java.home")
              + ".");
      System.err.println(
          "Fix: install a JDK "
              + NEEDED
              + " or newer (25 is recommended) and start it with that java.");
      System.exit(3);
    }
    try {
      Class.forName("io.wasmrunner.launcher.WasmrunnerCommand")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw e.getCause();
    }
  }

  static int feature(String version) {
    String digits = version.startsWith("1.") ? version.substring(2) : version;
    int end = 0;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    return end == 0 ? 0 : Integer.parseInt(digits.substring(0, end));
  }
}
