package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import java.util.LinkedHashMap;
import java.util.Map;

/** The environment of guests: what the service wants and what wasmrunner tells, nothing else. */
final class GuestEnvironment {
  static final String BASE_URL = "RUNNER_BASE_URL";
  private static final String RESERVED_START = "WR_RUNNER_";

  private GuestEnvironment() {}

  /** Whether wasmrunner sets this variable itself. */
  static boolean reserved(String name) {
    return name.startsWith(RESERVED_START) || name.equals(BASE_URL);
  }

  static Map<String, String> of(
      ServiceDefinition service, Secrets secrets, int index, int port, String runnerBaseUrl) {
    Map<String, String> environment = new LinkedHashMap<>(service.guest().env());
    environment.putAll(secrets.values());
    environment.put(RESERVED_START + "PORT", Integer.toString(port));
    environment.put(RESERVED_START + "INDEX", Integer.toString(index));
    environment.put(RESERVED_START + "INSTANCES", Integer.toString(service.runners()));
    environment.put(BASE_URL, runnerBaseUrl);
    return environment;
  }
}
