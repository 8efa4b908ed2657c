package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.RuntimeOptions;
import io.wasmrunner.runtime.ServiceCatalogue;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;

/** Finds modules by what people call them: a file, or the name of a service. */
final class ServiceModules {
  private ServiceModules() {}

  /**
   * The module that is meant.
   *
   * @throws WasmrunnerException WR-2060 when it is neither a file nor a service, WR-2061 when the
   *     service is invalid
   */
  static Path find(String fileOrService, Configuration configuration) {
    try {
      Path file = Path.of(fileOrService);
      if (Files.isRegularFile(file) || fileOrService.endsWith(".wasm")) {
        return file;
      }
    } catch (InvalidPathException e) {
      // no file then
    }
    return catalogue(configuration).require(fileOrService).files().module();
  }

  /** All services. */
  static ServiceCatalogue catalogue(Configuration configuration) {
    ListenAddress address = ListenAddress.of(configuration);
    RuntimeOptions options =
        PartOptions.runtime(
            configuration,
            Folders.services(configuration),
            configuration.path(Setting.DATA_DIR),
            address.guestBaseUrl(address.port()),
            address.port(),
            PluginLoader.load(configuration.path(Setting.PLUGINS)).catalog(),
            Clock.systemUTC());
    return ServiceCatalogue.load(options);
  }
}
