package io.wasmrunner.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program to run, without any shell.
 *
 * @param words its file and its arguments
 * @param environment its environment, whole
 * @param folder its working folder
 */
record ChildCommand(List<String> words, Map<String, String> environment, Path folder) {
  /** Copies the collections. */
  ChildCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** Folder of a module: where a relative program is looked for, and where it runs. */
  static Path folderOf(Path module) {
    Path file = module.toAbsolutePath();
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  Path program() {
    return Path.of(words.get(0));
  }
}
