package io.wasmrunner.runtime;

import io.wasmrunner.model.SecretSource;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The values of a service's secrets: for its guests, and for nobody else to see. */
final class Secrets {
  static final String UNREADABLE = "WR-2082";
  static final Secrets NONE = new Secrets(Map.of());

  private static final int LONGEST = 64 << 10;

  private final Map<String, String> values;

  private Secrets(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads the values. Blocks on files.
   *
   * @throws WasmrunnerException WR-2082 when one cannot be read
   */
  static Secrets read(ServiceDefinition service, RuntimeOptions options) {
    Map<String, String> values = new HashMap<>();
    service
        .guest()
        .secrets()
        .forEach(
            (name, source) -> {
              try {
                values.put(name, value(source, options.variables()));
              } catch (IllegalArgumentException e) {
                throw new WasmrunnerException(
                    UNREADABLE,
                    "the secret " + name + " needs " + e.getMessage(),
                    "Provide it, or remove it from secrets in service.json.");
              }
            });
    return new Secrets(values);
  }

  /**
   * The value of one secret.
   *
   * @throws IllegalArgumentException with what is needed, when it cannot be read
   */
  static String value(SecretSource source, Function<String, Optional<String>> variables) {
    String value =
        switch (source.kind()) {
          case ENVIRONMENT ->
              variables
                  .apply(source.place())
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "the environment variable "
                                  + withoutValue(source.place())
                                  + ", which is not set"));
          case FILE -> file(Path.of(source.place()));
        };
    if (value.isEmpty() || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a value that is not empty and has no NUL in " + source.place());
    }
    return value;
  }

  /** Who writes NAME=VALUE for a name has written the secret. */
  private static String withoutValue(String name) {
    int equals = name.indexOf('=');
    return equals < 0 ? name : name.substring(0, equals + 1) + "…";
  }

  /** By name. */
  Map<String, String> values() {
    return values;
  }

  /** Hides them in what the guests print. */
  SecretMask mask() {
    return new SecretMask(values);
  }

  private static String file(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new IllegalArgumentException(
            "at most " + (LONGEST >> 10) + " KiB in the file " + file);
      }
      return withoutLineEnd(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text in UTF-8 in the file " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file " + file + ", which cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /** Editors end files with a line end that is no part of the secret. */
  private static String withoutLineEnd(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
