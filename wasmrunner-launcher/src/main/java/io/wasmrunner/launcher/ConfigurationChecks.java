package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.Preflight;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether the configuration can be used. */
final class ConfigurationChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private ConfigurationChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("configuration.valid", ConfigurationChecks::valid),
        new Check("configuration.unknown_keys", ConfigurationChecks::unknownKeys),
        new Check("configuration.address", ConfigurationChecks::address),
        new Check("configuration.port", ConfigurationChecks::port),
        new Check("configuration.plugins", ConfigurationChecks::plugins));
  }

  private static Finding valid(Patient patient) {
    return patient.configuration().isPresent()
        ? Finding.ok("configuration.valid")
        : Finding.error("configuration.valid", "wrong", patient.configurationProblem());
  }

  private static Finding unknownKeys(Patient patient) {
    return patient.configurationProblem().contains("unknown ")
        ? Finding.error(
            "configuration.unknown_keys",
            "found",
            patient
                .configurationProblem()
                .lines()
                .filter(line -> line.contains("unknown "))
                .findFirst()
                .orElse("")
                .strip())
        : Finding.ok("configuration.unknown_keys");
  }

  private static Finding address(Patient patient) {
    if (patient.configuration().isEmpty()) {
      return Finding.skipped("configuration.address", "unknown");
    }
    try {
      ListenAddress address = ListenAddress.of(patient.configuration().get());
      return address.loopback()
          ? Finding.ok("configuration.address", address.host())
          : Finding.warning("configuration.address", "open", address.host());
    } catch (WasmrunnerException e) {
      return Finding.error("configuration.address", "refused", e.explain());
    }
  }

  private static Finding port(Patient patient) {
    int port = patient.configuration().map(each -> each.number(Setting.PORT)).orElse(0);
    if (port == 0) {
      return Finding.skipped("configuration.port", "chosen");
    }
    String host = patient.configuration().map(each -> each.text(Setting.HOST)).orElse("127.0.0.1");
    Optional<String> problem = Preflight.portProblem(host, port);
    if (problem.isEmpty()) {
      return Finding.ok("configuration.port", port);
    }
    return runs(patient)
        ? Finding.skipped("configuration.port", "running", port)
        : Finding.error("configuration.port", "taken", problem.get());
  }

  /** Whether a wasmrunner answers at the configured address. */
  static boolean runs(Patient patient) {
    Optional<Configuration> configuration = patient.configuration();
    if (configuration.isEmpty() || configuration.get().number(Setting.PORT) == 0) {
      return false;
    }
    if (!configuration.get().text(Setting.TLS_CERTIFICATE).isBlank()) {
      try {
        ManagementClient.of(configuration.get()).get("/plugins");
        return true;
      } catch (WasmrunnerException e) {
        return false;
      }
    }
    URI ready = ManagementClient.of(configuration.get()).base().resolve("/health");
    try {
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .proxy(HttpClient.Builder.NO_PROXY)
              .build()
              .send(
                  HttpRequest.newBuilder(ready).timeout(PATIENCE).build(),
                  HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == HttpURLConnection.HTTP_OK && answer.body().equals("ok");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Finding plugins(Patient patient) {
    return patient
        .plugins()
        .value()
        .map(loaded -> Finding.ok("configuration.plugins", loaded.origins().size()))
        .orElseGet(
            () -> Finding.error("configuration.plugins", "broken", patient.plugins().problem()));
  }
}
