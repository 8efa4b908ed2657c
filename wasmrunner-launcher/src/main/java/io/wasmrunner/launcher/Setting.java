package io.wasmrunner.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every setting of the process: its key, kind, default and meaning. */
enum Setting {
  SERVICES("services", Kind.PATH, "services", "Folder with one folder per service."),
  HOST("host", Kind.TEXT, "127.0.0.1", "Address to listen on."),
  PORT("port", Kind.PORT, "14000", "Port of the entry point; 0 lets the system choose."),
  TLS_CERTIFICATE(
      "server.tls.certificate",
      Kind.OPTIONAL_PATH,
      "",
      "PEM file with the certificate and its chain; makes the entry point speak TLS."),
  TLS_KEY(
      "server.tls.key", Kind.OPTIONAL_PATH, "", "PEM file with the private key, not encrypted."),
  DATA_DIR("data_dir", Kind.PATH, "data", "Folder for the database and compiled modules."),
  PLUGINS("plugins", Kind.PATH, "plugins", "Folder with plugin jars; may be missing."),
  INSECURE_BIND(
      "insecure_bind",
      Kind.FLAG,
      "false",
      "Allow an address that others can reach, without any login."),
  LOG_LEVEL(
      "log_level", Kind.LEVEL, "info", "Least level to log: error, warn, info, debug, trace."),
  LENIENT("lenient", Kind.FLAG, "false", "Unknown keys in service.json are warnings, not errors."),
  RELAUNCH(
      "launcher.relaunch",
      Kind.FLAG,
      "true",
      "On Java 22 and newer, replace the process once by one with the JVM flags that pay."),
  EVENT_LOOPS(
      "proxy.event_loops",
      Kind.COUNT,
      "0",
      "Threads of the entry point; 0 takes half of the processors."),
  FORWARDER(
      "proxy.forwarder",
      Kind.FORWARDER,
      "native",
      "How requests are forwarded: native, or vertx_web_proxy."),
  DRAIN_SECONDS(
      "proxy.drain_seconds", Kind.COUNT, "10", "How long a stop waits for requests under way."),
  STOP_NOTICE_SECONDS(
      "proxy.stop_notice_seconds",
      Kind.COUNT,
      "0",
      "How long /ready says no before a stop begins, for balancers in front to notice."),
  DEFAULT_MEMORY_LIMIT_MB(
      "runtime.default_memory_limit_mb",
      Kind.MEGABYTES,
      "256",
      "Memory limit of a runner whose service names none, MiB."),
  GUEST_MEMORY_BUDGET_MB(
      "runtime.guest_memory_budget_mb",
      Kind.COUNT,
      "0",
      "Sum of linear memory of all guests, MiB; 0 takes what the JVM allows."),
  WATCH(
      "runtime.watch",
      Kind.FLAG,
      "true",
      "Take over changes in the services folder by themselves."),
  LOG_FILES(
      "logs.files",
      Kind.COUNT,
      "5",
      "Log files kept of each service, below logs/ of the data folder; 0 keeps none."),
  LOG_FILE_MB(
      "logs.file_mb",
      Kind.MEGABYTES,
      "10",
      "Size at which a log file is closed for the next, MiB."),
  CAPABILITIES_DEFAULT(
      "capabilities.default",
      Kind.ACCESS,
      "allow",
      "A service without a capabilities block: allow runs it unrestricted, deny makes it invalid.");

  /** What a value has to look like. */
  enum Kind {
    TEXT("a text"),
    PATH("a path"),
    OPTIONAL_PATH("a path, or nothing"),
    PORT("a port, 0 to 65535"),
    FLAG("true or false"),
    LEVEL("error, warn, info, debug or trace"),
    FORWARDER("native or vertx_web_proxy"),
    ACCESS("allow or deny"),
    COUNT("a whole number, 0 or more"),
    MEGABYTES("a whole number, 1 to 4096");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    String expected() {
      return expected;
    }

    boolean accepts(String text) {
      return switch (this) {
        case TEXT, PATH -> !text.isBlank();
        case OPTIONAL_PATH -> true;
        case LEVEL -> List.of("error", "warn", "info", "debug", "trace").contains(text);
        case FORWARDER -> List.of("native", "vertx_web_proxy").contains(text);
        case ACCESS -> List.of("allow", "deny").contains(text);
        case FLAG -> text.equals("true") || text.equals("false");
        case PORT -> within(text, 0, 65_535);
        case COUNT -> within(text, 0, 1_000_000);
        case MEGABYTES -> within(text, 1, 4_096);
      };
    }

    private static boolean within(String text, int least, int most) {
      if (!text.matches("[0-9]{1,7}")) {
        return false;
      }
      int number = Integer.parseInt(text);
      return number >= least && number <= most;
    }
  }

  private final String key;
  private final Kind kind;
  private final String fallback;
  private final String meaning;

  Setting(String key, Kind kind, String fallback, String meaning) {
    this.key = key;
    this.kind = kind;
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /** Key in JSON, dots between the levels. */
  String key() {
    return key;
  }

  Kind kind() {
    return kind;
  }

  /** The default. */
  String fallback() {
    return fallback;
  }

  /** One sentence. */
  String meaning() {
    return meaning;
  }

  /** Name of the environment variable. */
  String variable() {
    return "WASMRUNNER_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** Name of the system property. */
  String property() {
    return "wasmrunner." + key;
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Setting::key).collect(Collectors.toUnmodifiableList());
  }
}
