package io.wasmrunner.runtime;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Paths that service.json names. A relative one lies in the service's folder and is no way out of
 * it; an absolute one is taken as it is, since whoever writes it means it.
 */
final class ServicePaths {
  static final String BAD_PATH = "WR-2081";

  private final Path folder;

  ServicePaths(Path folder) {
    this.folder = folder;
  }

  /** The absolute path; a violation and nothing when there is no such file or folder. */
  Optional<Path> resolve(ServiceJson json, String pointer, String written) {
    try {
      Path path = folder.resolve(written).normalize();
      Path real = path.toRealPath();
      boolean relative = !Path.of(written).isAbsolute();
      if (relative && !(path.startsWith(folder) && real.startsWith(folder.toRealPath()))) {
        return refuse(json, pointer, written, "which leads out of the service's folder");
      }
      return Optional.of(path);
    } catch (InvalidPathException e) {
      return refuse(json, pointer, written, "which is no path");
    } catch (IOException e) {
      return refuse(json, pointer, written, "which does not exist or cannot be read");
    }
  }

  private static Optional<Path> refuse(
      ServiceJson json, String pointer, String written, String why) {
    json.error(
        BAD_PATH,
        pointer,
        "the path of something in the service's folder, or an absolute path",
        ViolationText.quote(written) + ", " + why,
        "correct the path, or create what it names");
    return Optional.empty();
  }
}
