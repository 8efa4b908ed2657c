package io.wasmrunner.launcher;

import io.wasmrunner.runtime.RuntimeOptions;
import io.wasmrunner.runtime.ServiceCatalogue;
import io.wasmrunner.runtime.ServiceEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks configuration, plugins and every service; starts and writes nothing. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks everything and starts nothing. Exit status 9 when a service is invalid.")
final class ValidateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Override
  public Integer call() {
    Configuration configuration = options.load();
    LogLevel.set("warn");
    ListenAddress address = ListenAddress.of(configuration);
    Path services = Folders.services(configuration);
    RuntimeOptions runtime =
        PartOptions.runtime(
            configuration,
            services,
            configuration.path(Setting.DATA_DIR),
            "http://127.0.0.1:" + address.port(),
            address.port(),
            PluginLoader.load(configuration.path(Setting.PLUGINS)).catalog(),
            Clock.systemUTC());
    ServiceCatalogue catalogue = ServiceCatalogue.load(runtime).withModulesChecked(runtime);
    PrintWriter out = WasmrunnerCommand.out(spec);
    catalogue.entries().forEach(entry -> print(entry, out));
    long invalid = catalogue.entries().stream().filter(entry -> !entry.valid()).count();
    out.printf("%d services in %s, %d invalid%n", catalogue.entries().size(), services, invalid);
    out.flush();
    return invalid == 0 ? ExitStatus.OK : ExitStatus.INVALID_SERVICES;
  }

  private static void print(ServiceEntry entry, PrintWriter out) {
    out.printf("%-8s %s%n", entry.valid() ? "valid" : "INVALID", entry.name());
    entry.errors().forEach(error -> out.println("  " + error.describe()));
    entry.warnings().forEach(warning -> out.println("  warning: " + warning.describe()));
  }
}
