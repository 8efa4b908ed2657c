package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the services folder holds: every service, and what the modules of the valid ones are.
 *
 * @param entries the services by name
 * @param digests digest of the module of each valid service
 */
record FolderState(Map<String, ServiceEntry> entries, Map<String, String> digests) {
  /**
   * Reads it. Blocks on files.
   *
   * @param running services that run, with the digests of their modules: those modules were checked
   */
  static FolderState read(RuntimeOptions options, Map<String, String> running) {
    Map<String, ServiceEntry> entries = new TreeMap<>();
    Map<String, String> digests = new TreeMap<>();
    for (ServiceEntry found : ServiceCatalogue.load(options, running.keySet()).entries()) {
      ServiceEntry entry = found;
      Optional<ServiceDefinition> service = found.definition();
      if (service.isPresent()) {
        try {
          String digest = ModuleDigest.of(service.get().files().module());
          digests.put(entry.name(), digest);
          if (!digest.equals(running.get(entry.name()))) {
            entry = ServiceCatalogue.checkModule(entry, options);
          }
        } catch (IOException e) { // gone meanwhile
          entry = entry.rejected(List.of(Failures.asViolation(e, service.get())));
        }
      }
      entries.put(entry.name(), entry);
    }
    return new FolderState(entries, digests);
  }

  Optional<ServiceEntry> entry(String service) {
    return Optional.ofNullable(entries.get(service));
  }

  /** Digest of the module of a valid service. */
  String digest(String service) {
    return digests.getOrDefault(service, "");
  }
}
