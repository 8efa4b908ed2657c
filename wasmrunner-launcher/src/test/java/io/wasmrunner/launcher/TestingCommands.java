package io.wasmrunner.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The command line, in this process. */
final class TestingCommands {
  private TestingCommands() {}

  /** What a command did. */
  record Ran(int status, String out, String err) {}

  static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        WasmrunnerCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int status = line.execute(arguments);
    return new Ran(status, out.toString(), err.toString());
  }
}
