package io.wasmrunner.launcher;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What a reload would do. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Shows what wasmrunner reload would do, and does nothing.",
    footer = {
      "",
      "Exit status: 0; 9 a service would be invalid; 10 no wasmrunner answers; 1 it refuses."
    })
final class PlanCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Option(names = "--json", description = "Print the answer of the management API.")
  private boolean json;

  @Override
  public Integer call() {
    JsonNode plan = ManagementClient.of(options.load()).get("/plan");
    PrintWriter out = WasmrunnerCommand.out(spec);
    if (json) {
      out.println(plan.toPrettyString());
    } else {
      print(out, plan);
    }
    out.flush();
    return plan.path("changes")
            .valueStream()
            .anyMatch(change -> change.path("change").asString("").equals("invalid"))
        ? ExitStatus.INVALID_SERVICES
        : ExitStatus.OK;
  }

  /** One paragraph per service that changes. */
  static void print(PrintWriter out, JsonNode plan) {
    long unchanged = 0;
    for (JsonNode change : plan.path("changes")) {
      String kind = Terminal.text(change.path("change"));
      if (kind.equals("unchanged")) {
        unchanged++;
        continue;
      }
      String effect = Terminal.text(change.path("effect"));
      out.printf(
          "%-9s %s%s%n",
          kind, Terminal.text(change.path("service")), effect.isEmpty() ? "" : ": " + effect);
      change.path("detail").forEach(line -> out.println("            " + Terminal.text(line)));
    }
    out.println(unchanged + " unchanged");
  }
}
