package io.wasmrunner.launcher;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** The log of a service of the running wasmrunner. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the log of a service of the running wasmrunner, from before its last start too.",
    },
    footer = {
      "",
      "Exit status: 0; 10 no wasmrunner answers; 1 it refuses, for instance because there is no",
      "such service (any more)."
    })
final class LogsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The service.")
  private String name = "";

  @Option(
      names = {"-f", "--follow"},
      description =
          "Go on with the lines that come, until Ctrl-C; over restarts of wasmrunner, too.")
  private boolean follow;

  @Option(names = "--runner", paramLabel = "N", description = "Only of this runner.")
  private @Nullable Integer runner;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description = "Only of this level or worse: trace, debug, info, warn, error.")
  private @Nullable String level;

  @Option(
      names = {"-q", "--grep"},
      paramLabel = "TEXT",
      description = "Only lines that hold this text, case ignored.")
  private @Nullable String text;

  @Option(
      names = {"-n", "--tail"},
      paramLabel = "N",
      description = "At most so many lines of before, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int tail = 100;

  @Option(names = "--json", description = "Print one JSON object per line.")
  private boolean json;

  @Override
  public Integer call() {
    ManagementClient client = ManagementClient.of(options.load());
    PrintWriter out = WasmrunnerCommand.out(spec);
    String path = "/services/" + ManagementClient.segment(name) + "/logs";
    if (follow) {
      PrintWriter err = WasmrunnerCommand.err(spec);
      new LogTail(client, err, line -> shown(out, line)).follow(path, tail, filters());
    } else {
      client
          .get(path + "?tail=" + tail + filters())
          .path("lines")
          .forEach(line -> print(out, line));
      out.flush();
    }
    return ExitStatus.OK;
  }

  /** Prints a line, if there is one; says whether somebody still reads. */
  private boolean shown(PrintWriter out, JsonNode line) {
    if (line.isObject()) {
      print(out, line);
    }
    return !out.checkError(); // flushes too
  }

  private String filters() {
    StringBuilder query = new StringBuilder();
    if (runner != null) {
      query.append("&runner=").append(runner);
    }
    if (level != null) {
      query.append("&level=").append(encode(level.toLowerCase(Locale.ROOT)));
    }
    if (text != null) {
      query.append("&q=").append(encode(text));
    }
    return query.toString();
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private void print(PrintWriter out, JsonNode line) {
    if (json) {
      out.println(line);
      return;
    }
    out.printf(
        "%s r%d %-5s %s%n",
        Terminal.time(line.path("at")),
        line.path("runner").asInt(0),
        Terminal.text(line.path("level")),
        Terminal.text(line.path("text")));
  }
}
