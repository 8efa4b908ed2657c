package io.wasmrunner.runtime;

import io.wasmrunner.model.GuestSettings;
import io.wasmrunner.model.Lifecycle;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.ServiceFiles;
import io.wasmrunner.model.ServiceType;
import io.wasmrunner.model.TrafficSettings;
import io.wasmrunner.model.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads one folder, and finds everything that is wrong with it. */
final class ServiceReader {
  static final String BAD_NAME = "WR-2002";
  static final String RESERVED_ENV = "WR-2027";

  private static final int LIMIT = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final Comparator<Violation> BY_PLACE =
      Comparator.comparing(Violation::file)
          .thenComparingInt(Violation::line)
          .thenComparingInt(Violation::column);

  private final RuntimeOptions options;
  private final ServiceSchema schema;
  private final PluginSettings plugins;

  ServiceReader(RuntimeOptions options) {
    this.options = options;
    this.schema = new ServiceSchema(options.plugins());
    this.plugins = new PluginSettings(options.plugins());
  }

  /** The service in this folder. */
  LoadedService read(Path path) {
    List<Violation> errors = new ArrayList<>();
    List<Violation> warnings = new ArrayList<>();
    String name = String.valueOf(path.getFileName());
    if (!NAME.matcher(name).matches()) {
      errors.add(
          new Violation(
              BAD_NAME,
              ViolationText.quote(name),
              0,
              0,
              "",
              "a folder name of letters, digits and - . _",
              ViolationText.quote(name),
              "rename the folder"));
    }
    ServiceFolder folder = new ServiceFolder(path, errors);
    Optional<OpenApiFile> openapi =
        folder.has(ServiceFolder.OPENAPI_JSON)
            ? OpenApiFile.read(folder, errors)
            : Optional.empty();
    Optional<ServiceJson> json = json(folder, errors, warnings);
    Optional<ServiceDefinition> definition =
        json.flatMap(each -> definition(name, folder, each, openapi, errors));
    if (!errors.isEmpty()) {
      definition = Optional.empty();
    }
    errors.sort(BY_PLACE);
    warnings.sort(BY_PLACE);
    return new LoadedService(
        new ServiceEntry(name, definition, errors, warnings, openapi.map(OpenApiFile::text)), json);
  }

  private Optional<ServiceJson> json(
      ServiceFolder folder, List<Violation> errors, List<Violation> warnings) {
    String file = folder.label(ServiceFolder.SERVICE_JSON);
    Optional<LocatedJson> document =
        folder
            .read(ServiceFolder.SERVICE_JSON, LIMIT)
            .flatMap(bytes -> JsonFileReader.decode(file, bytes, errors))
            .flatMap(text -> JsonFileReader.parse(file, text, errors));
    document.ifPresent(
        parsed -> {
          for (Violation violation : schema.check(file, parsed)) {
            boolean unknown = violation.code().equals(SchemaMessages.UNKNOWN_KEY);
            (unknown && options.lenient() ? warnings : errors).add(violation);
          }
        });
    return document.map(parsed -> new ServiceJson(file, parsed, errors, warnings));
  }

  private Optional<ServiceDefinition> definition(
      String name,
      ServiceFolder folder,
      ServiceJson json,
      Optional<OpenApiFile> openapi,
      List<Violation> errors) {
    boolean wellFormed = errors.isEmpty();
    Optional<String> prefix = PrefixReader.read(json);
    Optional<RunnerAddress> address = AddressReader.read(json, options);
    JsonNode module = json.at("/module");
    Optional<Path> file =
        folder.module(
            module.isString() ? Optional.of(module.stringValue()) : Optional.empty(),
            json.place("/module"));
    ServicePaths paths = new ServicePaths(folder.path());
    GuestSettings guest =
        new GuestSettings(
            PluginChoices.at(json, "/launcher", EmbeddedLauncherFactory.NAME),
            LimitsReader.memoryMb(json),
            LimitsReader.read(json),
            env(json),
            SecretsReader.read(json, paths, options),
            CapabilitiesReader.read(json, paths, options));
    Lifecycle lifecycle = LifecycleReader.read(json);
    TrafficSettings traffic = TrafficReader.read(json, paths, options, openapi);
    if (!wellFormed || prefix.isEmpty() || address.isEmpty() || file.isEmpty()) {
      return Optional.empty();
    }
    ServiceDefinition definition =
        new ServiceDefinition(
            name,
            folder.path(),
            prefix.get(),
            address.get(),
            text(json, "/domain"),
            text(json, "/type").flatMap(ServiceType::ofKey),
            json.at("/required").asBoolean(true),
            new ServiceFiles(
                file.get(),
                openapi.map(each -> folder.path().resolve(ServiceFolder.OPENAPI_JSON)),
                openapi.flatMap(OpenApiFile::version)),
            guest,
            lifecycle,
            traffic,
            ScheduleReader.schedules(json),
            ScheduleReader.listeners(json));
    plugins.check(json, definition);
    CapabilitiesReader.checkLauncher(json, definition, options);
    SecretsReader.checkLauncher(json, definition, options);
    LimitsReader.checkDescriptors(json, definition);
    openapi.ifPresent(each -> ScheduleReader.compare(json, definition.schedules(), each));
    return Optional.of(definition);
  }

  private static Map<String, String> env(ServiceJson json) {
    Map<String, String> env = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> variable : json.at("/env").properties()) {
      String name = variable.getKey();
      if (GuestEnvironment.reserved(name)) {
        json.error(
            RESERVED_ENV,
            JsonPointers.child("/env", name),
            "a variable that wasmrunner does not set itself",
            ViolationText.quote(name),
            "remove it; the guest gets it from wasmrunner");
      }
      env.put(name, variable.getValue().asString(""));
    }
    return env;
  }

  private static Optional<String> text(ServiceJson json, String pointer) {
    String text = json.at(pointer).asString("").strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
