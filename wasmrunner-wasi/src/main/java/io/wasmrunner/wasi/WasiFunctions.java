package io.wasmrunner.wasi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every function of WASI Preview 1 and of WasmEdge's extensions, by import module, name and type: a
 * name may have several types, because WasmEdge has two generations of its functions.
 */
final class WasiFunctions {
  /** Import module of all of them, but for those of {@link TlsFunctions}. */
  static final String MODULE = "wasi_snapshot_preview1";

  /** By module and name, then by signature. */
  private static final Map<String, Map<String, Map<String, WasiFunction>>> BY_MODULE =
      new LinkedHashMap<>();

  static {
    List<WasiFunction> all = new ArrayList<>();
    all.addAll(ProcessFunctions.ALL);
    all.addAll(DescriptorFunctions.ALL);
    all.addAll(FileFunctions.ALL);
    all.addAll(FolderFunctions.ALL);
    all.addAll(PathFunctions.ALL);
    all.addAll(PollFunctions.ALL);
    all.addAll(SocketFunctions.ALL);
    all.addAll(TlsFunctions.ALL);
    for (WasiFunction function : all) {
      WasiFunction twin =
          BY_MODULE
              .computeIfAbsent(function.module(), module -> new LinkedHashMap<>())
              .computeIfAbsent(function.name(), name -> new LinkedHashMap<>())
              .put(function.signature(), function);
      if (twin != null) {
        throw new IllegalStateException("Two functions are " + function.name());
      }
    }
  }

  private WasiFunctions() {}

  static @Nullable WasiFunction find(String module, String name, String signature) {
    return forms(module, name).get(signature);
  }

  /** Signatures under which a name exists; empty for an unknown name. */
  static Collection<String> signatures(String module, String name) {
    return forms(module, name).keySet();
  }

  private static Map<String, WasiFunction> forms(String module, String name) {
    return BY_MODULE.getOrDefault(module, Map.of()).getOrDefault(name, Map.of());
  }

  /** Names in an import module; empty for an unknown one. */
  static Collection<String> names(String module) {
    return BY_MODULE.getOrDefault(module, Map.of()).keySet();
  }

  /** Every function in every form. */
  static List<WasiFunction> all() {
    return BY_MODULE.values().stream()
        .flatMap(names -> names.values().stream())
        .flatMap(forms -> forms.values().stream())
        .toList();
  }
}
