package io.wasmrunner.runtime;

import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.SecretSource;
import io.wasmrunner.model.ServiceDefinition;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the key {@code secrets}: where the values are, and whether they are there. */
final class SecretsReader {
  static final String SHOWN = "WR-2085";

  private static final String POINTER = "/secrets";

  private SecretsReader() {}

  static Map<String, SecretSource> read(
      ServiceJson json, ServicePaths paths, RuntimeOptions options) {
    Map<String, SecretSource> secrets = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : json.at(POINTER).properties()) {
      String name = member.getKey();
      String pointer = JsonPointers.child(POINTER, name);
      if (GuestEnvironment.reserved(name)) {
        json.error(
            ServiceReader.RESERVED_ENV,
            pointer,
            "a variable that wasmrunner does not set itself",
            ViolationText.quote(name),
            "remove it; the guest gets it from wasmrunner");
      } else if (!json.at(JsonPointers.child("/env", name)).isMissingNode()) {
        json.error(
            Secrets.UNREADABLE,
            pointer,
            "a variable that is not also in env",
            ViolationText.quote(name) + " twice",
            "remove it from env");
      } else {
        source(json, pointer, member.getValue(), paths)
            .filter(source -> readable(json, pointer, source, options))
            .ifPresent(source -> secrets.put(name, source));
      }
    }
    return secrets;
  }

  /** Secrets need a launcher that does not show them. */
  static void checkLauncher(ServiceJson json, ServiceDefinition service, RuntimeOptions options) {
    PluginChoice launcher = service.guest().launcher();
    boolean shown =
        options
            .plugins()
            .launcher(launcher.name())
            .filter(factory -> !factory.hidesEnvironment(launcher.settings()))
            .isPresent();
    if (shown && !service.guest().secrets().isEmpty()) {
      json.error(
          SHOWN,
          POINTER,
          "a launcher that keeps secrets off command lines, which every user can read",
          "the launcher " + ViolationText.quote(launcher.name()),
          "choose embedded, jvm-process, or command without {env:…}, or remove the secrets");
    }
  }

  private static Optional<SecretSource> source(
      ServiceJson json, String pointer, JsonNode node, ServicePaths paths) {
    if (node.path("env").isString()) {
      return Optional.of(
          new SecretSource(SecretSource.Kind.ENVIRONMENT, node.path("env").stringValue()));
    }
    if (!node.path("file").isString()) {
      return Optional.empty(); // reported by the schema
    }
    Optional<Path> file = paths.resolve(json, pointer + "/file", node.path("file").stringValue());
    return file.map(path -> new SecretSource(SecretSource.Kind.FILE, path.toString()));
  }

  private static boolean readable(
      ServiceJson json, String pointer, SecretSource source, RuntimeOptions options) {
    try {
      return !Secrets.value(source, options.variables()).isEmpty();
    } catch (IllegalArgumentException e) {
      json.error(
          Secrets.UNREADABLE,
          pointer,
          String.valueOf(e.getMessage()),
          "none",
          "provide it, or remove the secret");
      return false;
    }
  }
}
