package io.wasmrunner.runtime;

import io.wasmrunner.model.Capabilities;
import io.wasmrunner.model.PreopenDefinition;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.LauncherFactory;
import io.wasmrunner.wasi.AddressScope;
import io.wasmrunner.wasi.ModuleException;
import io.wasmrunner.wasi.TlsTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the key {@code capabilities}. */
final class CapabilitiesReader {
  static final String BAD_OUTBOUND = "WR-2080";
  static final String BLOCK_MISSING = "WR-2083";
  static final String NOT_ENFORCED = "WR-2084";

  private static final String BLOCK = "/capabilities";
  private static final String OUTBOUND = BLOCK + "/outbound";
  private static final String PREOPENS = BLOCK + "/preopens";
  private static final String CA_FILE = BLOCK + "/tls/ca_file";

  private CapabilitiesReader() {}

  static Optional<Capabilities> read(ServiceJson json, ServicePaths paths, RuntimeOptions options) {
    if (!json.at(BLOCK).isObject()) {
      if (options.capabilitiesRequired() && json.at(BLOCK).isMissingNode()) {
        json.error(
            BLOCK_MISSING,
            "",
            "the key \"capabilities\", which capabilities.default \"deny\" makes mandatory",
            "none",
            "add " + CapabilityBlock.EMPTY + " and what the service needs");
      }
      return Optional.empty();
    }
    List<Integer> inbound = new ArrayList<>();
    json.at(BLOCK + "/inbound").forEach(node -> inbound.add(node.asInt(0)));
    return Optional.of(
        new Capabilities(
            outbound(json), inbound, preopens(json, paths), certificateFile(json, paths)));
  }

  /** A block that nobody would hold the service to is an error, not a promise. */
  static void checkLauncher(ServiceJson json, ServiceDefinition service, RuntimeOptions options) {
    if (service.guest().capabilities().isPresent() && !enforced(service, options)) {
      json.error(
          NOT_ENFORCED,
          BLOCK,
          "a launcher that can hold the service to its capabilities, such as embedded",
          "the launcher " + ViolationText.quote(service.guest().launcher().name()),
          "choose another launcher, or remove the key");
    }
  }

  /** Whether the launcher of a service sees and limits what its runners reach. */
  static boolean enforced(ServiceDefinition service, RuntimeOptions options) {
    return options
        .plugins()
        .launcher(service.guest().launcher().name())
        .filter(LauncherFactory::enforcesCapabilities)
        .isPresent();
  }

  private static List<String> outbound(ServiceJson json) {
    List<String> entries = new ArrayList<>();
    for (JsonNode node : json.at(OUTBOUND)) {
      String pointer = JsonPointers.child(OUTBOUND, entries.size());
      String text = node.asString("");
      try {
        OutboundEntry entry = OutboundEntry.parse(text);
        if (entry.range().filter(CapabilitiesReader::metadataOnly).isPresent()) {
          throw new IllegalArgumentException("no metadata service, which no guest may reach");
        }
      } catch (IllegalArgumentException e) {
        json.error(
            BAD_OUTBOUND,
            pointer,
            String.valueOf(e.getMessage()),
            ViolationText.quote(text),
            "correct or remove it");
      }
      entries.add(text);
    }
    return entries;
  }

  private static boolean metadataOnly(AddressRange range) {
    return range.bits() == range.base().getAddress().length * 8
        && AddressScope.of(range.base()) == AddressScope.METADATA;
  }

  private static List<PreopenDefinition> preopens(ServiceJson json, ServicePaths paths) {
    List<PreopenDefinition> preopens = new ArrayList<>();
    Set<String> guests = new HashSet<>();
    int index = 0;
    for (JsonNode node : json.at(PREOPENS)) {
      String pointer = JsonPointers.child(PREOPENS, index++);
      String guest = node.path("guest").asString("");
      if (!guests.add(guest)) {
        json.error(
            ServicePaths.BAD_PATH,
            pointer + "/guest",
            "each guest path once",
            ViolationText.quote(guest) + " again",
            "choose another one");
      }
      paths
          .resolve(json, pointer + "/host", node.path("host").asString(""))
          .filter(host -> isFolder(json, pointer, host))
          .map(host -> new PreopenDefinition(host, guest, node.path("read_only").asBoolean(true)))
          .ifPresent(preopens::add);
    }
    return preopens;
  }

  private static boolean isFolder(ServiceJson json, String pointer, Path host) {
    boolean folder = Files.isDirectory(host);
    if (!folder) {
      json.error(
          ServicePaths.BAD_PATH,
          pointer + "/host",
          "a folder",
          ViolationText.quote(host.toString()),
          "name the folder that holds it");
    }
    return folder;
  }

  private static Optional<Path> certificateFile(ServiceJson json, ServicePaths paths) {
    JsonNode node = json.at(CA_FILE);
    Optional<Path> file =
        node.isString() ? paths.resolve(json, CA_FILE, node.stringValue()) : Optional.empty();
    file.ifPresent(
        path -> {
          try {
            TlsTrust.withAuthorities(path);
          } catch (ModuleException e) {
            json.error(
                e.code(),
                CA_FILE,
                "a PEM file with certificates",
                CleanText.of(e.problem()),
                "correct the file, or remove the key");
          }
        });
    return file;
  }
}
