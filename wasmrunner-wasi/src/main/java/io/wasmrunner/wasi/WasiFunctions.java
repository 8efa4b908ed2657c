package io.wasmrunner.wasi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every function of WASI Preview 1 and of WasmEdge's socket extension, by name and type: a name may
 * have several types, because WasmEdge has two generations of its functions.
 */
final class WasiFunctions {
  /** Import module of all of them. */
  static final String MODULE = "wasi_snapshot_preview1";

  private static final Map<String, Map<String, WasiFunction>> BY_NAME = new LinkedHashMap<>();

  static {
    List<WasiFunction> all = new ArrayList<>();
    all.addAll(ProcessFunctions.ALL);
    all.addAll(DescriptorFunctions.ALL);
    all.addAll(FileFunctions.ALL);
    all.addAll(FolderFunctions.ALL);
    all.addAll(PathFunctions.ALL);
    all.addAll(PollFunctions.ALL);
    all.addAll(SocketFunctions.ALL);
    for (WasiFunction function : all) {
      WasiFunction twin =
          BY_NAME
              .computeIfAbsent(function.name(), name -> new LinkedHashMap<>())
              .put(function.signature(), function);
      if (twin != null) {
        throw new IllegalStateException("Two functions are " + function.name());
      }
    }
  }

  private WasiFunctions() {}

  static @Nullable WasiFunction find(String name, String signature) {
    Map<String, WasiFunction> forms = BY_NAME.get(name);
    return forms == null ? null : forms.get(signature);
  }

  /** Signatures under which a name exists; empty for an unknown name. */
  static Collection<String> signatures(String name) {
    return BY_NAME.getOrDefault(name, Map.of()).keySet();
  }

  static Collection<String> names() {
    return BY_NAME.keySet();
  }
}
