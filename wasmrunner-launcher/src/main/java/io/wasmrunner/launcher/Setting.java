package io.wasmrunner.launcher;

import io.wasmrunner.proxy.TrustedProxies;
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
  TLS_CLIENT_AUTH(
      "server.tls.client_auth",
      Kind.CLIENT_AUTH,
      "none",
      "Whether clients are asked for a certificate: none, request, or require."),
  TLS_CLIENT_CA_FILE(
      "server.tls.client_ca_file",
      Kind.OPTIONAL_PATH,
      "",
      "PEM file with the authorities whose certificates clients may show."),
  TLS_CLIENT_SUBJECT_HEADER(
      "server.tls.client_subject_header",
      Kind.FLAG,
      "false",
      "Services get the subject of a client's certificate in WR-Client-Subject."),
  TRUSTED_PROXIES(
      "server.trusted_proxies",
      Kind.NETWORKS,
      "",
      "Addresses and ranges whose word about earlier hops, request ids and traces counts."),
  ACCESS_LOG(
      "server.access_log",
      Kind.ACCESS_LOG,
      "off",
      "How each request is written down: off, common, or json."),
  ACCESS_LOG_FILE(
      "server.access_log_file",
      Kind.OPTIONAL_PATH,
      "",
      "File of the access log; without one it goes to standard output."),
  ACCESS_LOG_MAX_MB(
      "server.access_log_max_mb",
      Kind.MEGABYTES,
      "100",
      "Size at which the access log is put aside and a new file begun, MiB."),
  ACCESS_LOG_KEEP(
      "server.access_log_keep",
      Kind.POSITIVE,
      "5",
      "How many files of the access log that were put aside are kept."),
  SERVER_TIMING(
      "server.server_timing",
      Kind.FLAG,
      "false",
      "Answers say in Server-Timing what took how long."),
  MAX_CONNECTIONS(
      "server.max_connections",
      Kind.POSITIVE,
      "10000",
      "Open connections of clients; one more is closed at once."),
  MIN_BODY_RATE(
      "server.min_body_rate",
      Kind.COUNT,
      "240",
      "Bytes a second that a request body must come with, over ten seconds; 0 for no bound."),
  TRANSPORT(
      "server.transport",
      Kind.TRANSPORT,
      "auto",
      "How the system is asked for network events: auto, nio, epoll, or io_uring."),
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
    CLIENT_AUTH("none, request or require"),
    ACCESS_LOG("off, common or json"),
    TRANSPORT("auto, nio, epoll or io_uring"),
    NETWORKS("addresses or ranges such as 10.0.0.0/8, separated by commas"),
    COUNT("a whole number, 0 or more"),
    POSITIVE("a whole number, 1 or more"),
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
        case CLIENT_AUTH -> List.of("none", "request", "require").contains(text);
        case ACCESS_LOG -> List.of("off", "common", "json").contains(text);
        case TRANSPORT -> List.of("auto", "nio", "epoll", "io_uring").contains(text);
        case NETWORKS -> areNetworks(text);
        case POSITIVE -> within(text, 1, 1_000_000);
        case FLAG -> text.equals("true") || text.equals("false");
        case PORT -> within(text, 0, 65_535);
        case COUNT -> within(text, 0, 1_000_000);
        case MEGABYTES -> within(text, 1, 4_096);
      };
    }

    private static boolean areNetworks(String text) {
      try {
        new TrustedProxies(networks(text));
        return true;
      } catch (IllegalArgumentException none) {
        return false;
      }
    }

    /** The ranges in a text of this kind. */
    static List<String> networks(String text) {
      return text.isBlank()
          ? List.of()
          : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
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
