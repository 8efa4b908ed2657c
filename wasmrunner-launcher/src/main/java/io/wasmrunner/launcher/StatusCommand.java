package io.wasmrunner.launcher;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** How the services of the running wasmrunner stand. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how the services of the running wasmrunner stand; with NAME, also its runners.",
      "Asks it at --host and --port, as configured by default.",
    },
    footer = {
      "",
      "Exit status: 0 all that is meant to run is ready; 11 something is not; 10 no wasmrunner",
      "answers; 1 it refuses, for instance because there is no such service."
    })
final class StatusCommand implements Callable<Integer> {
  /** Services that do what they are meant to. */
  private static final Set<String> FINE = Set.of("READY", "STOPPED", "DISABLED");

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this service, in detail.")
  private @Nullable String name;

  @Option(names = "--json", description = "Print the answer of the management API.")
  private boolean json;

  @Override
  public Integer call() {
    ManagementClient client = ManagementClient.of(options.load());
    String wanted = name;
    JsonNode answer =
        client.get(wanted == null ? "/services" : "/services/" + ManagementClient.segment(wanted));
    PrintWriter out = WasmrunnerCommand.out(spec);
    List<JsonNode> services =
        wanted == null ? answer.path("services").valueStream().toList() : List.of(answer);
    if (json) {
      out.println(answer.toPrettyString());
    } else {
      print(out, services, wanted != null);
    }
    out.flush();
    return services.stream().allMatch(each -> FINE.contains(each.path("state").asString("")))
        ? ExitStatus.OK
        : ExitStatus.NOT_READY;
  }

  private static void print(PrintWriter out, List<JsonNode> services, boolean detailed) {
    if (services.isEmpty()) {
      out.println("no services");
      return;
    }
    int widest =
        services.stream().mapToInt(each -> each.path("name").asString("").length()).max().orElse(0);
    String row = "%-" + Math.max(7, widest) + "s  %-9s %-8s %s%n";
    out.printf(row, "SERVICE", "STATE", "RUNNERS", "PATH");
    Instant now = Clock.systemUTC().instant();
    for (JsonNode service : services) {
      JsonNode runners = service.path("runners");
      long ready =
          runners
              .valueStream()
              .filter(each -> each.path("state").asString("").equals("READY"))
              .count();
      String prefix = Terminal.text(service.at("/definition/prefix"));
      out.printf(
          row,
          Terminal.text(service.path("name")),
          Terminal.text(service.path("state")),
          ready + "/" + runners.size(),
          prefix.isEmpty() ? "" : "/" + prefix + "/");
      for (JsonNode violation : service.path("violations")) {
        out.printf(
            "  %s %s:%d %s%n    Fix: %s%n",
            Terminal.text(violation.path("code")),
            Terminal.text(violation.path("file")),
            violation.path("line").asInt(0),
            Terminal.text(violation.path("expected")),
            Terminal.text(violation.path("fix")));
      }
      for (JsonNode runner : runners) {
        if (detailed || !runner.path("state").asString("").equals("READY")) {
          print(out, runner, now);
        }
      }
    }
  }

  private static void print(PrintWriter out, JsonNode runner, Instant now) {
    out.printf(
        "  runner %d  %-10s port %d, start %d, up %s, %s of %s, CPU %s, %d descriptors, %d"
            + " restarts%n",
        runner.path("index").asInt(0),
        Terminal.text(runner.path("state")),
        runner.path("port").asInt(0),
        runner.path("generation").asLong(0),
        or(Terminal.since(runner.path("started_at"), now), "-"),
        Terminal.bytes(runner.path("memory_bytes").asLong(0)),
        Terminal.bytes(runner.path("memory_limit_bytes").asLong(0)),
        Terminal.spent(runner.path("cpu")),
        runner.path("open_descriptors").asInt(0),
        runner.path("restarts").asLong(0));
    String next = Terminal.since(runner.path("next_start_at"), now);
    if (!next.isEmpty()) {
      out.println("    starts again in " + next);
    }
    JsonNode exit = runner.path("last_exit");
    if (exit.isObject()) {
      out.printf(
          "    last exit %s ago: %s, %s%n",
          or(Terminal.since(exit.path("at"), now), "?"),
          Terminal.text(exit.path("cause")),
          Terminal.text(exit.path("detail")));
      for (JsonNode line : runner.path("past").path(0).path("output")) {
        out.println("      " + Terminal.text(line));
      }
    }
  }

  private static String or(String text, String fallback) {
    return text.isEmpty() ? fallback : text;
  }
}
