package io.wasmrunner.runtime;

import io.wasmrunner.model.Capabilities;
import io.wasmrunner.model.PreopenDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Writes the key {@code capabilities} as it stands in service.json. */
final class CapabilityBlock {
  static final String EMPTY = "\"capabilities\": {\"outbound\": []}";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Optional<Capabilities> current;
  private final Path folder;

  /**
   * A writer of blocks.
   *
   * @param current the block that the service has, whose other parts are kept
   * @param folder folder of the service
   */
  CapabilityBlock(Optional<Capabilities> current, Path folder) {
    this.current = current;
    this.folder = folder;
  }

  /**
   * The block with these entries, and of its folders those that were used.
   *
   * @param read the guest's names of folders that were used
   * @param changed of folders in which something was changed
   */
  String with(
      Collection<String> outbound,
      Collection<Integer> inbound,
      Collection<String> read,
      Collection<String> changed) {
    List<String> members = new ArrayList<>();
    members.add(member("outbound", outbound.stream().map(CapabilityBlock::text).toList()));
    if (!inbound.isEmpty()) {
      members.add(member("inbound", inbound.stream().map(String::valueOf).toList()));
    }
    current.ifPresent(block -> others(block, read, changed, members));
    return "\"capabilities\": {\n" + String.join(",\n", members) + "\n}";
  }

  private void others(
      Capabilities block,
      Collection<String> read,
      Collection<String> changed,
      List<String> members) {
    List<String> folders =
        block.preopens().stream()
            .filter(folder -> read.contains(folder.guest()) || changed.contains(folder.guest()))
            .map(folder -> folder(folder, !changed.contains(folder.guest())))
            .toList();
    if (!folders.isEmpty()) {
      members.add(member("preopens", folders));
    }
    block
        .tlsCaFile()
        .ifPresent(file -> members.add("  \"tls\": {\"ca_file\": " + path(file) + "}"));
  }

  /** The line that lets a guest change what it may only read; absent when it has no such folder. */
  Optional<String> writable(String guest) {
    return current.stream()
        .flatMap(block -> block.preopens().stream())
        .filter(folder -> folder.guest().equals(guest))
        .findFirst()
        .map(folder -> entry("preopens", folder(folder, false)));
  }

  private String folder(PreopenDefinition folder, boolean readOnly) {
    return "{\"host\": %s, \"guest\": %s, \"read_only\": %s}"
        .formatted(path(folder.host()), text(folder.guest()), readOnly);
  }

  private String path(Path path) {
    Path shown = path.startsWith(folder) ? folder.relativize(path) : path;
    return text(shown.toString().isEmpty() ? "." : shown.toString());
  }

  private static String member(String key, List<String> items) {
    return items.isEmpty()
        ? "  \"" + key + "\": []"
        : items.stream()
            .collect(Collectors.joining(",\n    ", "  \"" + key + "\": [\n    ", "\n  ]"));
  }

  /** One entry for a list, in its place. */
  static String entry(String key, String item) {
    return "\"capabilities\": {\"" + key + "\": [" + item + "]}";
  }

  static String text(String value) {
    return JSON.writeValueAsString(value);
  }
}
