package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The files of a new service. They are in the jar. */
final class ServiceTemplate {
  static final String BAD_NAME = "WR-1030";
  static final String TAKEN = "WR-1031";
  static final String NOT_WRITTEN = "WR-1032";

  private static final String NAME = "[a-z][a-z0-9_-]{0,39}";

  /** Folders of wasmrunner's own, of cargo's, and names that Rust refuses. */
  private static final Set<String> RESERVED =
      Set.of(
          "health",
          "ready",
          "target",
          "build",
          "deps",
          "examples",
          "incremental",
          "test",
          "core",
          "std",
          "alloc",
          "proc_macro",
          "as",
          "async",
          "await",
          "break",
          "const",
          "continue",
          "crate",
          "dyn",
          "else",
          "enum",
          "extern",
          "false",
          "fn",
          "for",
          "if",
          "impl",
          "in",
          "let",
          "loop",
          "match",
          "mod",
          "move",
          "mut",
          "pub",
          "ref",
          "return",
          "self",
          "static",
          "struct",
          "super",
          "trait",
          "true",
          "type",
          "unsafe",
          "use",
          "where",
          "while",
          "abstract",
          "become",
          "box",
          "do",
          "final",
          "macro",
          "override",
          "priv",
          "try",
          "typeof",
          "unsized",
          "virtual",
          "yield");

  /** The package in the lock file that ours have been built with. */
  private static final String LOCKED_PACKAGE = "name = \"accounts_business\"\nversion = \"1.0.0\"";

  private static final List<String> C_LIBRARY =
      List.of(
          "http.h",
          "http_connection.c",
          "http_connection.h",
          "http_head.c",
          "http_head.h",
          "http_message.c",
          "http_message.h",
          "http_response.c",
          "http_response.h",
          "http_server.c",
          "json.c",
          "json.h",
          "text.c",
          "text.h",
          "wasmedge_socket.h");

  private ServiceTemplate() {}

  /** What a service can be written in. */
  enum Language {
    /** With hyper and tokio. */
    RUST,
    /** With a small HTTP server of ours. */
    C
  }

  /**
   * Writes the service whole or not at all.
   *
   * @return its folder
   * @throws WasmrunnerException WR-1030 when the name cannot be used, WR-1031 when there is such a
   *     service or prefix already, WR-1032 when it cannot be written
   */
  static Path write(String name, Language language, Path services, int entryPort) {
    if (!name.matches(NAME) || RESERVED.contains(name)) {
      throw new WasmrunnerException(
          BAD_NAME,
          "\"%s\" cannot be the name of a service".formatted(Terminal.text(name)),
          "Choose one of lower-case letters, digits, _ and -, that begins with a letter, has at most"
              + " 40 characters, and is no word of Rust or wasmrunner.");
    }
    Path folder = services.resolve(name);
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new WasmrunnerException(
          TAKEN, folder + " exists already", "Choose another name, or remove it first.");
    }
    TakenAddresses taken = TakenAddresses.in(services, entryPort);
    if (taken.hasPrefix(name)) {
      throw new WasmrunnerException(
          TAKEN, "another service has the prefix \"" + name + "\"", "Choose another name.");
    }
    int port = taken.free();
    try {
      Files.createDirectories(services);
      Path unfinished = Files.createTempDirectory(services, ".new-");
      try {
        for (Map.Entry<String, String> file : files(language).entrySet()) {
          write(
              unfinished.resolve(file.getKey()),
              resource(file.getValue())
                  .replace(LOCKED_PACKAGE, "name = \"@NAME@\"\nversion = \"0.1.0\"")
                  .replace("@NAME@", name)
                  .replace("@PORT@", Integer.toString(port)));
        }
        permissions(unfinished, "rwxr-xr-x");
        Files.move(unfinished, folder);
      } catch (IOException | RuntimeException e) {
        delete(unfinished);
        throw e;
      }
    } catch (IOException | UncheckedIOException e) {
      throw new WasmrunnerException(
          NOT_WRITTEN,
          "the service cannot be written to %s: %s".formatted(folder, e),
          "Make the services folder one that this user may write to, or name another with"
              + " --services.",
          e);
    }
    return folder;
  }

  /** Files of the service, and the resources that they are made of. */
  private static Map<String, String> files(Language language) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("config/service.json", "any/service.json");
    files.put("openapi.json", "any/openapi.json");
    files.put(".gitignore", "any/gitignore");
    files.put("wasm_toolchains.sh", "shared/wasm_toolchains.sh");
    switch (language) {
      case RUST -> {
        files.put("Cargo.toml", "rust/Cargo.toml");
        files.put("Cargo.lock", "shared/Cargo.lock");
        files.put("src/main.rs", "rust/main.rs");
        files.put("src/server.rs", "shared/server.rs");
        files.put("build.sh", "rust/build.sh");
        files.put("README.md", "rust/README.md");
      }
      case C -> {
        files.put("src/main.c", "c/main.c");
        C_LIBRARY.forEach(file -> files.put("src/http/" + file, "shared/http/" + file));
        files.put("build.sh", "c/build.sh");
        files.put("README.md", "c/README.md");
      }
    }
    return files;
  }

  private static void write(Path file, String text) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, text);
    if (file.toString().endsWith("build.sh")) {
      permissions(file, "rwxr-xr-x");
    }
  }

  private static void permissions(Path path, String text) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(text));
    }
  }

  private static String resource(String name) {
    try (InputStream in = ServiceTemplate.class.getResourceAsStream("new/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks new/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
