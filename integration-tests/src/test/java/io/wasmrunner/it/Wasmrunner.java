package io.wasmrunner.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** The jar as a running process, as users start it. Closing it kills what is left. */
final class Wasmrunner implements AutoCloseable {
  private static final Pattern DASHBOARD = Pattern.compile("(?m)^dashboard +(http://\\S+)/$");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path output;

  private Wasmrunner(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Root of the checkout. */
  static Path root() {
    return Path.of(System.getProperty("it.root", "..")).toAbsolutePath().normalize();
  }

  static Path jar() {
    Path jar = root().resolve("wasmrunner-launcher/target/wasmrunner-launcher.jar");
    assertThat(jar).as("built by mvn package").exists();
    return jar;
  }

  /** Starts in a folder of its own, with these arguments. */
  static Wasmrunner start(Path workingFolder, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:-DontCompileHugeMethods"));
    command.addAll(List.of("-XX:MaxDirectMemorySize=1500m", "-jar", jar().toString()));
    command.addAll(Arrays.asList(arguments));
    return startCommand(workingFolder, command);
  }

  /** Starts any command that runs the jar. */
  static Wasmrunner startCommand(Path workingFolder, List<String> command) {
    try {
      Path output = Files.createTempFile(workingFolder, "output", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(workingFolder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("WASMRUNNER_"));
      return new Wasmrunner(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts with these services on a free port, and waits until it is ready. */
  static Wasmrunner ready(ServicesFolder services, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--port", "0", "--services", services.folder().toString()));
    arguments.addAll(Arrays.asList(more));
    Wasmrunner started = start(services.workingFolder(), arguments.toArray(String[]::new));
    try {
      started.awaitReady();
      return started;
    } catch (RuntimeException | Error e) {
      started.close();
      throw new AssertionError("not ready; it printed:\n" + started.output(), e);
    }
  }

  void awaitReady() {
    URI entry = entryPoint();
    Awaitility.await("ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              assertThat(process.isAlive()).as(output()).isTrue();
              return Http.get(entry.resolve("/ready")).statusCode() == 200;
            });
  }

  /** Waits until every runner of every valid service is ready and runs compiled code. */
  void awaitCompiled() {
    Awaitility.await("compiled code")
        .atMost(PATIENCE.multipliedBy(2))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              JsonNode services = Http.json(url("/__runner__/api/v1/services")).path("services");
              return !services.isEmpty()
                  && services
                      .valueStream()
                      .filter(each -> !each.path("state").asString().equals("INVALID"))
                      .allMatch(Wasmrunner::isCompiled);
            });
  }

  /** The same of one service, which is not replaced by itself any more then. */
  void awaitCompiled(String service) {
    Awaitility.await("compiled code of " + service)
        .atMost(PATIENCE.multipliedBy(2))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> isCompiled(service(service)));
  }

  private static boolean isCompiled(JsonNode service) {
    JsonNode runners = service.path("runners");
    return !runners.isEmpty()
        && runners
            .valueStream()
            .allMatch(
                runner ->
                    runner.path("code").asString("").equals("compiled")
                        && runner.path("state").asString("").equals("READY")
                        && runner.path("draining").asInt(0) == 0);
  }

  /** Base URL from the start-up summary. */
  URI entryPoint() {
    Awaitility.await("summary")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !process.isAlive() || DASHBOARD.matcher(output()).find());
    Matcher found = DASHBOARD.matcher(output());
    assertThat(found.find()).as("no summary; it printed:\n" + output()).isTrue();
    return URI.create(found.group(1));
  }

  URI url(String path) {
    return URI.create(entryPoint() + path);
  }

  /** A service as the management API shows it. */
  JsonNode service(String name) {
    return Http.json(url("/__runner__/api/v1/services/" + name));
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end and tells the exit status. */
  int exitStatus() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("it ends; it printed:\n" + output())
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Asks it to stop, as a service manager does. */
  void terminate() {
    process.destroy();
  }

  /** Takes it away without a warning, as a power cut does. */
  void kill() {
    process.destroyForcibly();
    exitStatus();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
