package io.wasmrunner.launcher;

import io.wasmrunner.launcher.Configuration.Value;
import io.wasmrunner.runtime.Suggestion;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts the layers together: defaults, {@code config/wasmrunner.json}, {@code config/conf.d/*.json}
 * by name, {@code WASMRUNNER_*}, {@code -Dwasmrunner.*}, flags; later ones win. Unknown keys and
 * values of the wrong kind are errors, all reported at once.
 */
final class ConfigurationLoader {
  /** Variables that the scripts read and the process does not. */
  private static final List<String> FOREIGN_VARIABLES =
      List.of("WASMRUNNER_JAVA", "WASMRUNNER_JAVA_OPTS", "WASMRUNNER_JAR", "WASMRUNNER_ARCHIVE");

  private static final long LARGEST_FILE_BYTES = 1024 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
  private final List<String> problems = new ArrayList<>();

  private ConfigurationLoader() {}

  /**
   * Loads the configuration.
   *
   * @param file the main file; its folder's {@code conf.d} comes after it
   * @param fileNamed whether somebody named the file, so that it has to exist
   * @param variables environment of the process
   * @param properties system properties
   * @param flags values given on the command line
   * @throws ConfigurationException when anything is wrong
   */
  static Configuration load(
      Path file,
      boolean fileNamed,
      Map<String, String> variables,
      Map<String, String> properties,
      Map<Setting, String> flags) {
    ConfigurationLoader loader = new ConfigurationLoader();
    loader.files(file, fileNamed);
    loader.named(variables, "WASMRUNNER_", Setting::variable, "variable ");
    loader.named(properties, "wasmrunner.", Setting::property, "-D");
    flags.forEach((setting, text) -> loader.put(setting, text, "flag"));
    if (!loader.problems.isEmpty()) {
      throw new ConfigurationException(loader.problems);
    }
    return new Configuration(loader.values);
  }

  private void files(Path file, boolean named) {
    if (Files.exists(file)) {
      read(file);
    } else if (named) {
      problems.add("the configuration file " + file + " does not exist");
    }
    Path folder = file.toAbsolutePath().resolveSibling("conf.d");
    if (!Files.isDirectory(folder)) {
      return;
    }
    TreeSet<Path> parts = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.json")) {
      found.forEach(parts::add);
    } catch (IOException e) {
      problems.add("cannot read the folder " + folder + ": " + e.getMessage());
    }
    parts.forEach(this::read);
  }

  private void read(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE_BYTES) {
        problems.add(file + ": larger than " + LARGEST_FILE_BYTES + " bytes");
        return;
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (!root.isObject()) {
        problems.add(file + ": expected a JSON object");
        return;
      }
      collect(file, "", root);
    } catch (JacksonException e) {
      problems.add(
          file
              + ":"
              + e.getLocation().getLineNr()
              + ":"
              + e.getLocation().getColumnNr()
              + ": not valid JSON: "
              + e.getOriginalMessage());
    } catch (IOException e) {
      problems.add("cannot read " + file + ": " + e.getMessage());
    }
  }

  private void collect(Path file, String parent, JsonNode object) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String key = parent.isEmpty() ? entry.getKey() : parent + "." + entry.getKey();
      JsonNode node = entry.getValue();
      if (parent.isEmpty() && (key.equals("$schema") || key.startsWith("x-"))) {
        continue;
      }
      if (node.isObject()) {
        collect(file, key, node);
        continue;
      }
      Setting setting = Setting.ofKey(key).orElse(null);
      if (setting == null) {
        problems.add(file + ": unknown key \"" + key + "\"" + suggestion(key, Setting.keys()));
      } else if (setting.kind() == Setting.Kind.NETWORKS
          && node.isArray()
          && node.valueStream().allMatch(JsonNode::isString)) {
        put(
            setting,
            node.valueStream().map(JsonNode::asString).collect(Collectors.joining(", ")),
            file.toString());
      } else if (!node.isValueNode() || node.isNull() || node.isString() != isText(setting)) {
        problems.add(
            file + ": " + key + ": expected " + setting.kind().expected() + ", got " + node);
      } else {
        put(setting, node.asString(), file.toString());
      }
    }
  }

  private static boolean isText(Setting setting) {
    return switch (setting.kind()) {
      case TEXT,
          PATH,
          OPTIONAL_PATH,
          LEVEL,
          FORWARDER,
          ACCESS,
          CLIENT_AUTH,
          ACCESS_LOG,
          TRANSPORT,
          NETWORKS ->
          true;
      case PORT, FLAG, COUNT, POSITIVE, MEGABYTES -> false;
    };
  }

  private void named(
      Map<String, String> given,
      String start,
      java.util.function.Function<Setting, String> name,
      String origin) {
    List<String> known = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      known.add(name.apply(setting));
      String text = given.get(name.apply(setting));
      if (text != null) {
        put(setting, text, origin + name.apply(setting));
      }
    }
    for (String key : new TreeSet<>(given.keySet())) {
      if (key.startsWith(start) && !known.contains(key) && !FOREIGN_VARIABLES.contains(key)) {
        problems.add("unknown " + origin + key + suggestion(key, known));
      }
    }
  }

  private void put(Setting setting, String text, String origin) {
    if (setting.kind().accepts(text)) {
      values.put(setting, new Value(text, origin));
    } else {
      problems.add(
          origin
              + ": "
              + setting.key()
              + ": expected "
              + setting.kind().expected()
              + ", got \""
              + text
              + "\"");
    }
  }

  private static String suggestion(String word, List<String> known) {
    return Suggestion.nearest(word, known)
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElse("; known are " + String.join(", ", known));
  }
}
