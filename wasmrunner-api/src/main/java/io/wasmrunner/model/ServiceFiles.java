package io.wasmrunner.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a service's folder holds.
 *
 * @param module the WebAssembly file
 * @param openapi the openapi.json, if there is one
 * @param version {@code info.version} of openapi.json
 */
public record ServiceFiles(Path module, Optional<Path> openapi, Optional<String> version) {
  /** A module without a contract. */
  public static ServiceFiles of(Path module) {
    return new ServiceFiles(module, Optional.empty(), Optional.empty());
  }
}
