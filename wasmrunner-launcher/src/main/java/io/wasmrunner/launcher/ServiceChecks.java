package io.wasmrunner.launcher;

import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.runtime.ModuleInspection;
import io.wasmrunner.runtime.Preflight;
import io.wasmrunner.runtime.ServiceCatalogue;
import io.wasmrunner.runtime.ServiceEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whether the services can run. */
final class ServiceChecks {
  private static final int MOST_NAMED = 5;
  private static final String UNKNOWN_KEY = "WR-2014";
  private static final String BAD_CONTRACT = "WR-2030";
  private static final String SCHEDULE_PATH = "WR-2031";
  private static final Set<String> PREFIXES = Set.of("WR-2020", "WR-2021", "WR-2022");
  private static final Set<String> PORTS = Set.of("WR-2024", "WR-2025", "WR-2026");

  private ServiceChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("services.folder", ServiceChecks::folder),
        new Check("services.valid", ServiceChecks::valid),
        new Check("services.unknown_keys", ServiceChecks::unknownKeys),
        new Check("services.prefixes", patient -> clashes(patient, "services.prefixes", PREFIXES)),
        new Check("services.ports", patient -> clashes(patient, "services.ports", PORTS)),
        new Check("services.ports_free", ServiceChecks::portsFree),
        new Check("services.contracts_present", ServiceChecks::contractsPresent),
        new Check("services.contracts_valid", ServiceChecks::contractsValid),
        new Check("services.schedules", ServiceChecks::schedules),
        new Check("services.secrets", ServiceChecks::secrets),
        new Check("services.programs", ServiceChecks::programs),
        new Check("modules.imports", ServiceChecks::imports),
        new Check("modules.hints", ServiceChecks::hints));
  }

  private static Finding folder(Patient patient) {
    if (patient.configuration().isEmpty()) {
      return Finding.skipped("services.folder", "unknown");
    }
    Path folder = patient.configuration().get().path(Setting.SERVICES);
    if (!Files.isDirectory(folder)) {
      return Finding.error("services.folder", "missing", folder);
    }
    if (!patient.services().problem().isEmpty()) {
      return Finding.error("services.folder", "unreadable", patient.services().problem());
    }
    int count = patient.entries().size();
    return count == 0
        ? Finding.warning("services.folder", "empty", folder)
        : Finding.ok("services.folder", count, folder);
  }

  private static Finding valid(Patient patient) {
    List<String> invalid =
        patient.entries().stream()
            .filter(entry -> !entry.valid())
            .map(entry -> entry.name() + " (" + entry.errors().get(0).describe() + ")")
            .toList();
    return invalid.isEmpty()
        ? Finding.ok("services.valid")
        : Finding.error("services.valid", "invalid", named(invalid));
  }

  private static Finding unknownKeys(Patient patient) {
    List<String> found =
        described(patient.violations().filter(each -> each.code().equals(UNKNOWN_KEY)));
    return found.isEmpty()
        ? Finding.ok("services.unknown_keys")
        : Finding.warning("services.unknown_keys", "found", named(found));
  }

  private static Finding clashes(Patient patient, String id, Set<String> codes) {
    List<String> found =
        described(patient.violations().filter(each -> codes.contains(each.code())));
    return found.isEmpty() ? Finding.ok(id) : Finding.error(id, "clash", named(found));
  }

  private static Finding portsFree(Patient patient) {
    if (ConfigurationChecks.runs(patient)) {
      return Finding.skipped("services.ports_free", "running");
    }
    List<String> taken =
        patient.definitions().stream()
            .flatMap(
                service ->
                    IntStream.range(0, service.runners())
                        .mapToObj(
                            index ->
                                Preflight.portProblem("127.0.0.1", service.addressOf(index).port()))
                        .flatMap(Optional::stream)
                        .map(problem -> service.name() + ": " + problem))
            .toList();
    return taken.isEmpty()
        ? Finding.ok("services.ports_free")
        : Finding.error("services.ports_free", "taken", named(taken));
  }

  private static Finding contractsPresent(Patient patient) {
    List<String> without =
        patient.definitions().stream()
            .filter(service -> service.files().openapi().isEmpty())
            .map(ServiceDefinition::name)
            .toList();
    return without.isEmpty()
        ? Finding.ok("services.contracts_present")
        : Finding.warning("services.contracts_present", "missing", named(without));
  }

  private static Finding contractsValid(Patient patient) {
    List<String> bad =
        described(
            patient
                .violations()
                .filter(
                    each ->
                        each.code().equals(BAD_CONTRACT) || each.file().endsWith("openapi.json"))
                .filter(each -> !each.code().equals(SCHEDULE_PATH)));
    return bad.isEmpty()
        ? Finding.ok("services.contracts_valid")
        : Finding.error("services.contracts_valid", "wrong", named(bad));
  }

  private static Finding schedules(Patient patient) {
    List<String> found =
        described(patient.violations().filter(each -> each.code().equals(SCHEDULE_PATH)));
    return found.isEmpty()
        ? Finding.ok("services.schedules")
        : Finding.warning("services.schedules", "nowhere", named(found));
  }

  private static Finding secrets(Patient patient) {
    List<String> found =
        Stream.concat(
                described(patient.violations().filter(each -> each.code().equals("WR-2082")))
                    .stream(),
                patient.definitions().stream()
                    .flatMap(each -> Preflight.secretProblem(each, patient.variables()).stream()))
            .toList();
    return found.isEmpty()
        ? Finding.ok("services.secrets")
        : Finding.error("services.secrets", "unreadable", named(found));
  }

  private static Finding programs(Patient patient) {
    List<String> missing =
        patient.definitions().stream()
            .flatMap(each -> Preflight.missingProgram(each).stream())
            .toList();
    return missing.isEmpty()
        ? Finding.ok("services.programs")
        : Finding.error("services.programs", "missing", named(missing));
  }

  private static Finding imports(Patient patient) {
    Optional<Patient.Services> services = patient.services().value();
    if (services.isEmpty()) {
      return Finding.skipped("modules.imports", "unknown");
    }
    ServiceCatalogue checked =
        services.get().catalogue().withModulesChecked(services.get().options());
    List<String> found =
        checked.entries().stream()
            .filter(entry -> !entry.valid())
            .filter(entry -> patient.definitions().stream().anyMatch(isNamed(entry)))
            .map(entry -> entry.name() + " (" + entry.errors().get(0).describe() + ")")
            .toList();
    return found.isEmpty()
        ? Finding.ok("modules.imports")
        : Finding.error("modules.imports", "refused", named(found));
  }

  private static java.util.function.Predicate<ServiceDefinition> isNamed(ServiceEntry entry) {
    return service -> service.name().equals(entry.name());
  }

  private static Finding hints(Patient patient) {
    List<String> found =
        patient.definitions().stream()
            .filter(service -> service.guest().launcher().name().equals("embedded"))
            .flatMap(ServiceChecks::hintsOf)
            .toList();
    return found.isEmpty()
        ? Finding.ok("modules.hints")
        : Finding.warning("modules.hints", "found", named(found));
  }

  private static Stream<String> hintsOf(ServiceDefinition service) {
    try {
      return ModuleInspection.of(service.files().module()).hints().stream()
          .filter(
              hint ->
                  hint.kind().equals("interpreted_functions") || hint.kind().equals("stuck_loops"))
          .map(hint -> service.name() + ": " + hint.count() + " " + HintWords.of(hint));
    } catch (WasmrunnerException e) {
      return Stream.empty(); // modules.imports tells
    }
  }

  private static List<String> described(Stream<Violation> violations) {
    return violations.map(Violation::describe).toList();
  }

  /** The first few, and how many more. */
  private static String named(List<String> all) {
    String some = all.stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
    return all.size() > MOST_NAMED ? some + "; +" + (all.size() - MOST_NAMED) : some;
  }
}
