package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.AheadCompiler;
import io.wasmrunner.runtime.ServiceCatalogue;
import io.wasmrunner.runtime.ServiceEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compiles modules into the cache, so that the first start is as quick as every other. */
@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    description = {
      "Compiles modules into the cache of the data folder, so that no start has to.",
      "For image builds: copy the data folder with its owner and permissions.",
      "Exit status: 1 a module cannot run here or cannot be compiled; 9 a service is invalid."
    })
final class CompileCommand implements Callable<Integer> {
  private static final int MOST_NAMES = 10;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Parameters(
      paramLabel = "NAME|FILE",
      arity = "0..*",
      description = "Services or .wasm files. Without any: every service.")
  private List<String> wanted = List.of();

  @Override
  public Integer call() {
    Configuration configuration = options.load();
    LogLevel.set("warn");
    PrintWriter out = WasmrunnerCommand.out(spec);
    Path data = Folders.data(configuration);
    int status = ExitStatus.OK;
    Map<String, Path> modules = new LinkedHashMap<>();
    if (wanted.isEmpty()) {
      ServiceCatalogue catalogue = ServiceModules.catalogue(configuration);
      for (ServiceEntry entry : catalogue.entries()) {
        entry
            .definition()
            .filter(AheadCompiler::serves)
            .map(service -> service.files().module())
            .ifPresent(module -> modules.put(entry.name(), module));
        if (!entry.valid()) {
          out.printf("%-24s INVALID%n", entry.name());
          entry.errors().forEach(error -> out.println("  " + error.describe()));
          status = ExitStatus.INVALID_SERVICES;
        }
      }
    } else {
      wanted.forEach(name -> modules.put(name, ServiceModules.find(name, configuration)));
    }
    try (AheadCompiler compiler = new AheadCompiler(data.resolve("cache"))) {
      for (Map.Entry<String, Path> module : modules.entrySet()) {
        if (!compile(module.getKey(), module.getValue(), compiler, out)) {
          status = status == ExitStatus.OK ? ExitStatus.FAILURE : status;
        }
      }
    }
    out.printf("%d modules, cache %s%n", modules.size(), data.resolve("cache"));
    out.flush();
    return status;
  }

  private static boolean compile(
      String name, Path module, AheadCompiler compiler, PrintWriter out) {
    try {
      AheadCompiler.Result result = compiler.compile(module);
      String outcome = result.fromCache() ? "in the cache" : "compiled";
      out.printf(
          Locale.ROOT,
          "%-24s %8.1f KiB  %s, %.1f s%n",
          name,
          result.sizeBytes() / 1024.0,
          result.compiled() ? outcome : "NOT COMPILED, runs interpreted",
          result.took().toMillis() / 1000.0);
      List<String> interpreted = result.interpreted();
      if (!interpreted.isEmpty()) {
        out.printf(
            "  %d functions stay interpreted: %s%s%n",
            interpreted.size(),
            String.join(", ", interpreted.subList(0, Math.min(MOST_NAMES, interpreted.size()))),
            interpreted.size() > MOST_NAMES ? ", ..." : "");
      }
      out.flush();
      return result.compiled();
    } catch (WasmrunnerException e) {
      out.printf("%-24s FAILED%n  %s%n", name, e.explain().replace("\n", "\n  "));
      out.flush();
      return false;
    }
  }
}
