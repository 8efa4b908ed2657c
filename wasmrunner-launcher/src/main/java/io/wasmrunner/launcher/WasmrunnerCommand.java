package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command line: starts everything, one module, or only checks. */
@Command(
    name = "wasmrunner",
    mixinStandardHelpOptions = true,
    versionProvider = WasmrunnerCommand.Version.class,
    sortOptions = false,
    description = "Runs integration services packaged as WebAssembly modules behind one port.",
    footer = {
      "",
      "Exit status: 0 stopped cleanly; 1 failure; 2 wrong usage; 3 Java too old; 4 configuration;",
      "5 port taken; 6 folder missing; 7 data folder; 8 plugin; 9 invalid services (validate,",
      "compile, plan); 10 no wasmrunner runs where a command asks; 11 not ready (status).",
      "With --module, the status of the module; with run, that of the program."
    })
public final class WasmrunnerCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  @Option(
      names = "--module",
      paramLabel = "NAME",
      description = "Run one module in the foreground, with its limits and environment.")
  private @Nullable String module;

  @Option(
      names = "--print-config",
      description = "Show every setting with its value and origin, and end.")
  private boolean printConfig;

  /** Starts with these arguments; ends the process unless everything keeps running. */
  public static void main(String[] arguments) {
    int status = run(arguments);
    if (status != KEEP_RUNNING) {
      System.exit(status);
    }
  }

  /** What {@link #call} answers when the process is to go on. */
  private static final int KEEP_RUNNING = -1;

  private static int run(String[] arguments) {
    return configured(Commands.commandLine(arguments)).execute(arguments);
  }

  /** The command line with all its commands. */
  static CommandLine commandLine() {
    return configured(Commands.commandLine());
  }

  private static CommandLine configured(CommandLine bare) {
    return bare.setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof WasmrunnerException known) {
                line.getErr().println(known.explain());
                return ExitStatus.of(known);
              }
              throw failure;
            })
        .setExecutionStrategy(WasmrunnerCommand::execute);
  }

  /** Refuses options before a command, which would be read and forgotten. */
  private static int execute(ParseResult parsed) {
    boolean help = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    if (parsed.hasSubcommand() && !help && !parsed.matchedOptions().isEmpty()) {
      String command = parsed.subcommand().commandSpec().name();
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          "%s goes after the command: wasmrunner %s %1$s …"
              .formatted(parsed.matchedOptions().get(0).longestName(), command));
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  @Override
  public Integer call() {
    Configuration configuration = options.load();
    PrintWriter out = out(spec);
    if (printConfig) {
      out.print(configuration.print());
      out.flush();
      return ExitStatus.OK;
    }
    Optional<String> notReplaced = Relaunch.once(configuration, module == null);
    LogLevel.set(configuration.text(Setting.LOG_LEVEL));
    notReplaced.ifPresent(Relaunch::warn);
    LoadedPlugins plugins = PluginLoader.load(configuration.path(Setting.PLUGINS));
    String name = module;
    if (name != null) {
      return ForegroundModule.run(name, configuration, plugins.catalog());
    }
    Shutdown shutdown = Shutdown.onSignal(configuration.path(Setting.DATA_DIR));
    Application application;
    try {
      application = Application.start(configuration, plugins, Clock.systemUTC());
    } catch (RuntimeException e) {
      shutdown.failed();
      throw e;
    }
    shutdown.started(application);
    out.print(Summary.of(configuration, plugins, application.entryPoint()));
    out.flush();
    return KEEP_RUNNING;
  }

  /** Where a command prints to. */
  static PrintWriter out(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("the command was not made by picocli");
    }
    return spec.commandLine().getOut();
  }

  /** Where a command prints remarks to. */
  static PrintWriter err(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("the command was not made by picocli");
    }
    return spec.commandLine().getErr();
  }

  /** Version of this build, from the jar. */
  static String version() {
    Package home = WasmrunnerCommand.class.getPackage();
    String version = home == null ? null : home.getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Tells {@code --version}. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "wasmrunner " + version(),
        "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
      };
    }
  }
}
