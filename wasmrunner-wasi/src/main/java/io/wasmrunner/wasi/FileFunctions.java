package io.wasmrunner.wasi;

import java.util.List;

/** Functions of files and folders: they link, but no guest has any yet. */
final class FileFunctions {
  static final List<WasiFunction> ALL =
      List.of(
          unsupported("fd_filestat_set_size", "iI:i"),
          unsupported("fd_filestat_set_times", "iIIi:i"),
          unsupported("fd_readdir", "iiiIi:i"),
          unsupported("path_create_directory", "iii:i"),
          unsupported("path_filestat_get", "iiiii:i"),
          unsupported("path_filestat_set_times", "iiiiIIi:i"),
          unsupported("path_link", "iiiiiii:i"),
          unsupported("path_open", "iiiiiIIii:i"),
          unsupported("path_readlink", "iiiiii:i"),
          unsupported("path_remove_directory", "iii:i"),
          unsupported("path_rename", "iiiiii:i"),
          unsupported("path_symlink", "iiiii:i"),
          unsupported("path_unlink_file", "iii:i"));

  private FileFunctions() {}

  private static WasiFunction unsupported(String name, String signature) {
    return new WasiFunction(name, signature, (host, args) -> host.unsupported(name));
  }
}
