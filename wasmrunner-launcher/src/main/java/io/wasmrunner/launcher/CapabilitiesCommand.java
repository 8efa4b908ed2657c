package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What services may reach. */
@Command(
    name = "capabilities",
    mixinStandardHelpOptions = true,
    subcommands = CapabilitiesCommand.Suggest.class,
    description = "What services may reach; see capabilities in config/README.md.")
final class CapabilitiesCommand {
  private CapabilitiesCommand() {}

  /** Prints the block for what was seen; remarks go to standard error. */
  @Command(
      name = "suggest",
      mixinStandardHelpOptions = true,
      description = {
        "Prints the smallest capabilities block that allows what the service has used since the",
        "start of the running wasmrunner, which is asked at --host and --port."
      })
  static final class Suggest implements Callable<Integer> {
    static final String NOTHING_TO_SUGGEST = "WR-1012";

    @Spec private @Nullable CommandSpec spec;
    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Parameters(paramLabel = "NAME", description = "The service.")
    private String service = "";

    @Override
    public Integer call() {
      JsonNode answer =
          ManagementClient.of(options.load()).get("/services/" + ManagementClient.segment(service));
      JsonNode capabilities = answer.path("capabilities");
      String suggestion = capabilities.path("suggestion").asString("");
      if (suggestion.isEmpty()) {
        throw new WasmrunnerException(
            NOTHING_TO_SUGGEST,
            "nothing is known of what %s reaches: it is %s"
                .formatted(service, answer.path("state").asString("unknown")),
            "Correct it if it is INVALID; only launchers that see what a module does, such as"
                + " embedded, can tell.");
      }
      PrintWriter out = WasmrunnerCommand.out(spec);
      out.println(suggestion);
      out.flush();
      remark(capabilities);
      return ExitStatus.OK;
    }

    private void remark(JsonNode capabilities) {
      PrintWriter err = WasmrunnerCommand.err(spec);
      for (JsonNode denied : capabilities.path("denied")) {
        err.printf(
            "not in it: %s %s, refused %d times%n",
            denied.path("operation").asString(""),
            denied.path("target").asString(""),
            denied.path("count").asLong(0));
      }
      if (capabilities.path("omitted").asLong(0) > 0) {
        err.println("more was used than is recorded: consider *.domain entries or address ranges");
      }
      err.flush();
    }
  }
}
