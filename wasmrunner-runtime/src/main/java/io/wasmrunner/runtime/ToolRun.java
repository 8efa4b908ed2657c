package io.wasmrunner.runtime;

/**
 * A program that ran and ended.
 *
 * @param status its exit status
 * @param output the beginning of what it printed, on both streams
 */
record ToolRun(int status, String output) {
  /** The last line that says something. */
  String lastLine() {
    return output
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .reduce((before, line) -> line)
        .map(CleanText::of)
        .orElse("nothing was printed");
  }
}
