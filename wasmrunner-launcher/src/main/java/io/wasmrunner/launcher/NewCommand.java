package io.wasmrunner.launcher;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a service that builds, runs and passes its own health check. */
@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a new service into the services folder: source, build script, service.json on a free",
      "port, openapi.json and README. Overwrites nothing."
    },
    footer = {"", "Exit status: 0; 1 the name cannot be used, or is taken; 4 configuration."})
final class NewCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "Its name, folder and prefix: lower-case letters, digits, _ and -.")
  private String name = "";

  @Option(
      names = "--lang",
      paramLabel = "rust|c",
      description = "What it is written in. Default: ${DEFAULT-VALUE}.")
  private String language = "rust";

  @Override
  public Integer call() {
    Configuration configuration = options.load();
    Path folder =
        ServiceTemplate.write(
            name,
            language(),
            configuration.path(Setting.SERVICES),
            configuration.number(Setting.PORT));
    PrintWriter out = WasmrunnerCommand.out(spec);
    Path shown = shorter(folder);
    out.printf(
        """
        made %s
        next:
          %s
          wasmrunner          (or java -jar wasmrunner-launcher.jar)
          curl http://127.0.0.1:%s/%s/hello
        """,
        shown, shown.resolve("build.sh"), configuration.text(Setting.PORT), name);
    out.flush();
    return ExitStatus.OK;
  }

  private static Path shorter(Path folder) {
    Path here = Path.of("").toAbsolutePath();
    return folder.startsWith(here) ? here.relativize(folder) : folder;
  }

  private ServiceTemplate.Language language() {
    try {
      return ServiceTemplate.Language.valueOf(language.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(
          spec.commandLine(), "--lang: expected rust or c, got \"" + language + "\"", e);
    }
  }
}
