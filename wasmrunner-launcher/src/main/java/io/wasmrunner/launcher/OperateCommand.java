package io.wasmrunner.launcher;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Commands that ask the running wasmrunner to do something with a service. */
abstract class OperateCommand implements Callable<Integer> {
  private static final String FOOTER =
      "Exit status: 0 it has begun; 10 no wasmrunner answers; 1 it refuses.";

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

  /** Asks, and prints what comes of it. */
  final int ask(String service, String action, String body) {
    JsonNode answer =
        ManagementClient.of(options.load())
            .post("/services/" + ManagementClient.segment(service) + "/" + action, body);
    PrintWriter out = WasmrunnerCommand.out(spec);
    String detail = Terminal.text(answer.path("detail"));
    out.println(service + ": " + (detail.isEmpty() ? action : detail));
    out.flush();
    return ExitStatus.OK;
  }

  /** Asks for all services, and prints each change. */
  final int askAll(String path) {
    JsonNode answer = ManagementClient.of(options.load()).post(path, "");
    PrintWriter out = WasmrunnerCommand.out(spec);
    PlanCommand.print(out, answer);
    out.flush();
    return ExitStatus.OK;
  }

  /** One that may be about a single runner. */
  abstract static class OfRunner extends OperateCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service.")
    private String name = "";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "RUNNER",
        description = "Only this runner, by its index from 0. Default: all.")
    private @Nullable Integer runner;

    final int ask(String action) {
      return ask(name, action, runner == null ? "" : "{\"runner\":" + runner + "}");
    }
  }

  /** One that is about a whole service. */
  abstract static class OfService extends OperateCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service.")
    private String name = "";

    final int ask(String action) {
      return ask(name, action, "");
    }
  }

  /** Starts. */
  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Starts a stopped service, or one of its runners.",
      footer = FOOTER)
  static final class Start extends OfRunner {
    @Override
    public Integer call() {
      return ask("start");
    }
  }

  /** Stops. */
  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stops a service, or one of its runners, until somebody starts it.",
      footer = FOOTER)
  static final class Stop extends OfRunner {
    @Override
    public Integer call() {
      return ask("stop");
    }
  }

  /** Restarts. */
  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "Restarts a service, or one of its runners.",
      footer = FOOTER)
  static final class Restart extends OfRunner {
    @Override
    public Integer call() {
      return ask("restart");
    }
  }

  /** Enables. */
  @Command(
      name = "enable",
      mixinStandardHelpOptions = true,
      description = "Runs a disabled service again.",
      footer = FOOTER)
  static final class Enable extends OfService {
    @Override
    public Integer call() {
      return ask("enable");
    }
  }

  /** Disables. */
  @Command(
      name = "disable",
      mixinStandardHelpOptions = true,
      description = "Stops a service and leaves it so, also after a start of wasmrunner.",
      footer = FOOTER)
  static final class Disable extends OfService {
    @Override
    public Integer call() {
      return ask("disable");
    }
  }

  /** Changes the number of runners. */
  @Command(
      name = "scale",
      mixinStandardHelpOptions = true,
      description = "Changes the number of runners of a service.",
      footer = FOOTER)
  static final class Scale extends OperateCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "N", description = "How many there shall be, from 1.")
    private int runners;

    @Override
    public Integer call() {
      return ask(name, "scale", "{\"runners\":" + runners + "}");
    }
  }

  /** Reads files again. */
  @Command(
      name = "reload",
      mixinStandardHelpOptions = true,
      description = {
        "Reads the files of a service again, or of all, and replaces changed ones without losing a",
        "request. wasmrunner plan tells before what it would do."
      },
      footer = FOOTER)
  static final class Reload extends OperateCommand {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "NAME",
        description = "The service. Default: all.")
    private @Nullable String name;

    @Override
    public Integer call() {
      String service = name;
      return service == null ? askAll("/reload") : ask(service, "reload", "");
    }
  }
}
