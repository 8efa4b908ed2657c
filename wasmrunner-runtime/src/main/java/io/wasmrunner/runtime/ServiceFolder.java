package io.wasmrunner.runtime;

import io.wasmrunner.model.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of a service. What is read from it lies in it: links that lead out are refused, and so
 * is everything that is no plain file or too large.
 */
final class ServiceFolder {
  static final String NO_SERVICE_JSON = "WR-2003";
  static final String UNREADABLE = "WR-2004";
  static final String NO_MODULE = "WR-2028";
  static final String OUTSIDE = "WR-2029";
  static final String SERVICE_JSON = "config/service.json";
  static final String OPENAPI_JSON = "openapi.json";

  private static final String WASM = ".wasm";

  private final Path folder;
  private final String name;
  private final List<Violation> violations;

  ServiceFolder(Path folder, List<Violation> violations) {
    this.folder = folder.toAbsolutePath().normalize();
    this.name = String.valueOf(folder.getFileName());
    this.violations = violations;
  }

  /** Whether this folder is meant to be a service. */
  static boolean looksLikeService(Path folder) {
    return Files.exists(folder.resolve(SERVICE_JSON), LinkOption.NOFOLLOW_LINKS)
        || !modules(folder).isEmpty();
  }

  Path path() {
    return folder;
  }

  /** The file as messages name it. */
  String label(String file) {
    return name + "/" + file;
  }

  boolean has(String file) {
    return Files.exists(folder.resolve(file), LinkOption.NOFOLLOW_LINKS);
  }

  /** The bytes of a file; a violation and nothing when it cannot be read. */
  Optional<byte[]> read(String file, int limit) {
    Path path = folder.resolve(file);
    if (!has(file)) {
      violations.add(
          new Violation(
              NO_SERVICE_JSON,
              label(file),
              0,
              0,
              "",
              "the file " + file,
              "none",
              "add it, or move the folder out of the services folder"));
      return Optional.empty();
    }
    if (!inside(path, file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        unreadable(file, "at most " + limit / 1024 + " KiB", "more", "make it smaller");
        return Optional.empty();
      }
      return Optional.of(bytes);
    } catch (IOException e) {
      unreadable(file, "a readable file", e.toString(), "check its permissions");
      return Optional.empty();
    }
  }

  /** The WebAssembly file; a violation and nothing when it is not clear which. */
  Optional<Path> module(Optional<String> configured, Place place) {
    if (configured.isPresent()) {
      return configuredModule(configured.get(), place);
    }
    Path usual = folder.resolve(name + WASM);
    List<Path> all = modules(folder);
    if (Files.exists(usual, LinkOption.NOFOLLOW_LINKS)) {
      return inside(usual, name + WASM) ? Optional.of(usual) : Optional.empty();
    }
    if (all.size() == 1) {
      Path only = all.get(0);
      return inside(only, String.valueOf(only.getFileName()))
          ? Optional.of(only)
          : Optional.empty();
    }
    violations.add(
        new Violation(
            NO_MODULE,
            name,
            0,
            0,
            "",
            "the file " + name + WASM + " or one other .wasm file",
            all.isEmpty() ? "no .wasm file" : all.size() + " other .wasm files",
            all.isEmpty()
                ? "build the module and put it there"
                : "name one of them with the key \"module\""));
    return Optional.empty();
  }

  private Optional<Path> configuredModule(String file, Place place) {
    Path path = resolveInside(file);
    if (path == null) {
      outside(place, "/module", file);
      return Optional.empty();
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      violations.add(
          new Violation(
              NO_MODULE,
              label(SERVICE_JSON),
              place.line(),
              place.column(),
              "/module",
              "a file in the folder " + name,
              ViolationText.quote(file) + ", which does not exist",
              "build the module, or correct the name"));
      return Optional.empty();
    }
    return inside(path, file) ? Optional.of(path) : Optional.empty();
  }

  private @org.jspecify.annotations.Nullable Path resolveInside(String file) {
    try {
      Path path = folder.resolve(file).normalize();
      return path.startsWith(folder) ? path : null;
    } catch (java.nio.file.InvalidPathException e) {
      return null;
    }
  }

  private void outside(Place place, String pointer, String file) {
    violations.add(
        new Violation(
            OUTSIDE,
            label(SERVICE_JSON),
            place.line(),
            place.column(),
            pointer,
            "a path inside the folder " + name,
            ViolationText.quote(file),
            "put the file into the folder"));
  }

  private boolean inside(Path path, String file) {
    try {
      if (!path.toRealPath().startsWith(folder.toRealPath())) {
        violations.add(
            new Violation(
                OUTSIDE,
                label(file),
                0,
                0,
                "",
                "a file inside the folder " + name,
                "a link that leads out of it",
                "put a copy of the file into the folder"));
        return false;
      }
    } catch (IOException e) {
      unreadable(file, "a readable file", e.toString(), "check the link and the permissions");
      return false;
    }
    if (!Files.isRegularFile(path)) {
      unreadable(file, "a plain file", "something else", "replace it by a file");
      return false;
    }
    return true;
  }

  private void unreadable(String file, String expected, String got, String fix) {
    violations.add(new Violation(UNREADABLE, label(file), 0, 0, "", expected, got, fix));
  }

  private static List<Path> modules(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(WASM)).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      // Whoever reads a file of the folder next reports it.
      return List.of();
    }
  }
}
