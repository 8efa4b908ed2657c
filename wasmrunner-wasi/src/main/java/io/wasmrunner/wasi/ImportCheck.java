package io.wasmrunner.wasi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.ValType;

/**
 * Finds the host function for each of a module's imports, or says what is wrong with all of them.
 */
final class ImportCheck {
  static final String UNKNOWN_IMPORT = "WR-6006";

  private static final int MAX_SHOWN = 20;
  private static final int MAX_NAME_CHARS = 80;

  private ImportCheck() {}

  /** An import and what answers it. */
  record Linked(ModuleImport shown, FunctionType type, WasiFunction function) {}

  static List<Linked> link(String file, WasmModule module) {
    List<Linked> linked = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    module.importSection().stream()
        .forEach(
            wanted -> {
              if (wanted instanceof FunctionImport function) {
                FunctionType type = module.typeSection().getType(function.typeIndex());
                String signature = signature(type);
                WasiFunction found = WasiFunctions.find(wanted.module(), wanted.name(), signature);
                if (found == null) {
                  problems.add(problem(wanted, signature));
                } else {
                  linked.add(
                      new Linked(
                          new ModuleImport(
                              wanted.module(), wanted.name(), WasiFunction.describe(signature)),
                          type,
                          found));
                }
              } else {
                problems.add(notFunction(wanted));
              }
            });
    if (!problems.isEmpty()) {
      throw new ModuleException(
          UNKNOWN_IMPORT,
          file
              + " needs "
              + (problems.size() == 1 ? "an import" : problems.size() + " imports")
              + " that this host does not have: "
              + problems.stream().limit(MAX_SHOWN).collect(Collectors.joining("; "))
              + (problems.size() > MAX_SHOWN ? "; and others" : "")
              + ".",
          "Build it for WASI Preview 1 (wasm32-wasip1); sockets are WasmEdge's"
              + " (wasmedge_wasi_socket), other plug-ins of WasmEdge are not available.");
    }
    return linked;
  }

  private static String problem(Import wanted, String signature) {
    String name = shown(wanted);
    if (WasiFunctions.names(wanted.module()).isEmpty()) {
      return name + " (this host module is unknown)";
    }
    Collection<String> forms = WasiFunctions.signatures(wanted.module(), wanted.name());
    if (!forms.isEmpty()) {
      return name
          + WasiFunction.describe(signature)
          + " (the host's is "
          + forms.stream().map(WasiFunction::describe).collect(Collectors.joining(" or "))
          + ")";
    }
    if (wanted.name().length() > MAX_NAME_CHARS) {
      return name;
    }
    return name + nearest(wanted).map(near -> " (did you mean " + near + "?)").orElse("");
  }

  private static String notFunction(Import wanted) {
    return shown(wanted) + " (" + kind(wanted.importType()) + ", and a host gives functions only)";
  }

  /** The name as it may go to a terminal: it is whatever someone wrote into the file. */
  private static String shown(Import wanted) {
    String name = (wanted.module() + "." + wanted.name()).replaceAll("[^\\x21-\\x7e]", "?");
    return name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS) + "...";
  }

  private static String kind(ExternalType type) {
    return switch (type) {
      case MEMORY -> "a memory";
      case TABLE -> "a table";
      case GLOBAL -> "a global";
      case TAG -> "an exception tag";
      case FUNCTION -> "a function";
    };
  }

  static String signature(FunctionType type) {
    return letters(type.params()) + ":" + letters(type.returns());
  }

  private static String letters(List<ValType> types) {
    StringJoiner letters = new StringJoiner("");
    for (ValType type : types) {
      letters.add(
          type.equals(ValType.I32)
              ? "i"
              : type.equals(ValType.I64)
                  ? "I"
                  : type.equals(ValType.F32)
                      ? "f"
                      : type.equals(ValType.F64) ? "F" : type.equals(ValType.V128) ? "V" : "r");
    }
    return letters.toString();
  }

  private static Optional<String> nearest(Import wanted) {
    String name = wanted.name();
    return WasiFunctions.names(wanted.module()).stream()
        .filter(known -> distance(name, known) <= Math.max(2, name.length() / 4))
        .min(Comparator.comparingInt(known -> distance(name, known)));
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
