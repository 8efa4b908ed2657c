package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.ModuleInspection;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells whether a module runs here, and what about it costs speed. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Tells whether a module runs here, what it needs, and what about it costs speed.",
      "Starts and writes nothing. Exit status 1 when it cannot run here."
    })
final class InspectCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Parameters(index = "0", paramLabel = "FILE|NAME", description = "A .wasm file, or a service.")
  private String wanted = "";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    LogLevel.set("error"); // what the engine would log is in the report
    Path file = ServiceModules.find(wanted, options.load());
    PrintWriter out = WasmrunnerCommand.out(spec);
    try {
      ModuleInspection found = ModuleInspection.of(file);
      out.print(json ? InspectionJson.of(file, found) : InspectionText.of(file, found));
      return ExitStatus.OK;
    } catch (WasmrunnerException refused) {
      out.print(json ? InspectionJson.of(file, refused) : InspectionText.of(file, refused));
      return ExitStatus.FAILURE;
    } finally {
      out.flush();
    }
  }
}
