package io.wasmrunner.runtime;

import io.wasmrunner.model.CompressionPolicy;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.ContractPolicy.Mode;
import io.wasmrunner.model.CorsPolicy;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RateLimit;
import io.wasmrunner.model.RequestBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the keys that say what the proxy asks of requests and does to answers. */
final class PoliciesReader {
  static final String CONTRADICTION = "WR-2091";

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(24);

  private PoliciesReader() {}

  static Policies read(
      ServiceJson json, ServicePaths paths, RuntimeOptions options, Optional<OpenApiFile> openapi) {
    return new Policies(
        rateLimit(json),
        AuthReader.read(json, paths, options),
        cors(json),
        contract(json, openapi),
        compression(json),
        bounds(json));
  }

  private static Optional<RateLimit> rateLimit(ServiceJson json) {
    JsonNode node = json.at("/rate_limit");
    int rate = node.path("rate").asInt(0);
    if (rate < 1) {
      return Optional.empty(); // none, or reported by the schema
    }
    RateLimit.Key key = key(node.path("key").asString("client"));
    boolean needsLogin =
        key.source() == RateLimit.Source.IDENTITY || key.source() == RateLimit.Source.CLAIM;
    String login = key.source() == RateLimit.Source.CLAIM ? "/auth/jwt" : "/auth";
    if (needsLogin && json.at(login).isMissingNode()) {
      json.error(
          CONTRADICTION,
          "/rate_limit/key",
          "client, service or header:NAME in a service without " + login.substring(1),
          ViolationText.quote(node.path("key").asString("")),
          "choose one of them, or say who may call in auth");
    }
    return Optional.of(
        new RateLimit(
            rate,
            DurationReader.read(json, "/rate_limit/per", Duration.ofSeconds(1), SHORTEST, LONGEST),
            Math.max(1, node.path("burst").asInt(rate)),
            key,
            Math.max(1, node.path("max_keys").asInt(RateLimit.DEFAULT_MAX_KEYS))));
  }

  private static RateLimit.Key key(String text) {
    int colon = text.indexOf(':');
    String source = colon < 0 ? text : text.substring(0, colon);
    String name = colon < 0 ? "" : text.substring(colon + 1);
    return switch (source) {
      case "service" -> new RateLimit.Key(RateLimit.Source.SERVICE, "");
      case "identity" -> new RateLimit.Key(RateLimit.Source.IDENTITY, "");
      case "header" -> new RateLimit.Key(RateLimit.Source.HEADER, name);
      case "claim" -> new RateLimit.Key(RateLimit.Source.CLAIM, name);
      default -> RateLimit.Key.CLIENT;
    };
  }

  private static Optional<CorsPolicy> cors(ServiceJson json) {
    if (!json.at("/cors").isObject()) {
      return Optional.empty();
    }
    List<String> origins = texts(json.at("/cors/origins"), List.of());
    boolean credentials = json.at("/cors/credentials").asBoolean(false);
    if (credentials && (origins.contains("*") || origins.contains("null"))) {
      json.error(
          CONTRADICTION,
          "/cors/credentials",
          "false with an origin that anybody can have (* or null)",
          "true",
          "list the origins that may use the logins of your users");
    }
    return Optional.of(
        new CorsPolicy(
            origins,
            texts(
                json.at("/cors/methods"), List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")),
            texts(json.at("/cors/headers"), List.of("Content-Type", "Authorization")),
            texts(json.at("/cors/exposed_headers"), List.of()),
            credentials,
            DurationReader.read(
                json, "/cors/max_age", Duration.ofMinutes(10), Duration.ZERO, LONGEST)));
  }

  private static Optional<ContractPolicy> contract(
      ServiceJson json, Optional<OpenApiFile> openapi) {
    JsonNode node = json.at("/contract");
    if (!node.isObject()) {
      return openapi.map(file -> ContractPolicy.watching(file.text()));
    }
    Mode mode = mode(node.path("mode"), Mode.ENFORCE);
    Mode requests = mode(node.path("requests"), mode);
    Mode responses = mode(node.path("responses"), mode == Mode.OFF ? Mode.OFF : Mode.REPORT);
    if (requests == Mode.OFF && responses == Mode.OFF) {
      return Optional.empty();
    }
    if (openapi.isEmpty()) {
      json.error(
          CONTRADICTION,
          "/contract",
          "an openapi.json in the service's folder",
          "none that can be used",
          "add the file, or remove contract");
      return Optional.empty();
    }
    return Optional.of(
        new ContractPolicy(
            requests,
            responses,
            true,
            node.path("undocumented").asString("").equals("deny"),
            Math.max(1, node.path("max_body_kb").asInt(ContractPolicy.DEFAULT_MAX_BODY_KB)),
            !node.path("larger_bodies").asString("").equals("pass"),
            new ContractPolicy.Document(openapi.get().text())));
  }

  private static Mode mode(JsonNode node, Mode usual) {
    return switch (node.asString("")) {
      case "enforce" -> Mode.ENFORCE;
      case "report" -> Mode.REPORT;
      case "off" -> Mode.OFF;
      default -> usual;
    };
  }

  private static Optional<CompressionPolicy> compression(ServiceJson json) {
    JsonNode node = json.at("/compression");
    CompressionPolicy usual = CompressionPolicy.DEFAULT;
    if (!node.isObject()) {
      return node.asBoolean(false) ? Optional.of(usual) : Optional.empty();
    }
    List<String> types =
        texts(node.path("types"), usual.types()).stream()
            .map(type -> type.toLowerCase(Locale.ROOT))
            .toList();
    try {
      return Optional.of(
          new CompressionPolicy(
              types,
              node.path("min_bytes").asInt(usual.minBytes()),
              node.path("level").asInt(usual.level())));
    } catch (IllegalArgumentException reportedBySchema) {
      return Optional.of(usual);
    }
  }

  private static RequestBounds bounds(ServiceJson json) {
    double megabytes = json.at("/limits/max_body_mb").asDouble(0);
    return new RequestBounds(
        megabytes <= 0 ? 0 : Math.max(1, (long) (megabytes * (1 << 20))),
        Math.max(0, json.at("/limits/max_header_kb").asInt(0)) * 1024,
        Math.max(0, json.at("/limits/max_header_fields").asInt(0)));
  }

  /** The texts of an array; what is none has been reported by the schema. */
  static List<String> texts(JsonNode node, List<String> usual) {
    if (!node.isArray()) {
      return usual;
    }
    List<String> texts = new ArrayList<>();
    node.forEach(each -> texts.add(each.asString("")));
    return texts;
  }
}
