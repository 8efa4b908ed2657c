package io.wasmrunner.runtime;

import io.wasmrunner.model.ApiKeyAuth;
import io.wasmrunner.model.AuthPolicy;
import io.wasmrunner.model.BasicAuth;
import io.wasmrunner.model.JwtAuth;
import io.wasmrunner.model.SecretSource;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the key {@code auth}. Of keys it keeps hashes only. */
final class AuthReader {
  static final String BAD_HASH = "WR-2092";
  static final String BAD_JWKS = "WR-2093";

  /** What is dearer than this would take a processor for seconds at each login. */
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");

  private static final Pattern PBKDF2 =
      Pattern.compile(
          "\\$pbkdf2-sha(256|512)\\$i=[1-9][0-9]{2,6}\\$[A-Za-z0-9+/]{8,100}={0,2}"
              + "\\$[A-Za-z0-9+/]{16,200}={0,2}");

  private final ServiceJson json;
  private final ServicePaths paths;
  private final RuntimeOptions options;

  private AuthReader(ServiceJson json, ServicePaths paths, RuntimeOptions options) {
    this.json = json;
    this.paths = paths;
    this.options = options;
  }

  static Optional<AuthPolicy> read(ServiceJson json, ServicePaths paths, RuntimeOptions options) {
    if (!json.at("/auth").isObject()) {
      return Optional.empty();
    }
    AuthReader reader = new AuthReader(json, paths, options);
    return Optional.of(
        new AuthPolicy(
            reader.apiKey(),
            reader.basic(),
            reader.jwt(),
            PoliciesReader.texts(json.at("/auth/public_paths"), List.of()),
            json.at("/auth/forward_credentials").asBoolean(false)));
  }

  private Optional<ApiKeyAuth> apiKey() {
    JsonNode node = json.at("/auth/api_key");
    if (!node.isObject()) {
      return Optional.empty();
    }
    List<ApiKeyAuth.Key> keys = new ArrayList<>();
    for (int i = 0; i < node.path("keys").size(); i++) {
      String pointer = "/auth/api_key/keys/" + i;
      JsonNode key = json.at(pointer);
      String name = key.path("name").asString("");
      if (key.path("sha256").isString()) {
        keys.add(
            new ApiKeyAuth.Key(name, key.path("sha256").stringValue().toLowerCase(Locale.ROOT)));
      } else {
        secret(pointer).ifPresent(value -> keys.add(new ApiKeyAuth.Key(name, sha256(value))));
      }
    }
    Optional<String> query = text(node.path("query"));
    Optional<String> header = text(node.path("header"));
    return Optional.of(
        new ApiKeyAuth(
            header.isEmpty() && query.isEmpty() ? Optional.of("X-API-Key") : header, query, keys));
  }

  private Optional<BasicAuth> basic() {
    JsonNode node = json.at("/auth/basic");
    if (!node.isObject()) {
      return Optional.empty();
    }
    List<BasicAuth.User> users = new ArrayList<>();
    for (int i = 0; i < node.path("users").size(); i++) {
      String pointer = "/auth/basic/users/" + i;
      JsonNode user = json.at(pointer);
      Optional<String> hash =
          user.path("hash").isString() ? text(user.path("hash")) : secret(pointer);
      hash.filter(value -> isHash(pointer, value))
          .ifPresent(value -> users.add(new BasicAuth.User(user.path("name").asString(""), value)));
    }
    String prefix = json.at("/prefix").asString("").replaceAll("[^ !#-\\[\\]-~]", "-");
    return Optional.of(
        new BasicAuth(text(node.path("realm")).orElse(prefix.isEmpty() ? "login" : prefix), users));
  }

  private boolean isHash(String pointer, String value) {
    boolean good = BCRYPT.matcher(value).matches() || PBKDF2.matcher(value).matches();
    if (!good) {
      json.error(
          BAD_HASH,
          pointer,
          "a bcrypt hash of cost 4 to 14, or $pbkdf2-sha256$i=ITERATIONS$SALT$HASH in base64",
          "something else",
          "make one, for example with htpasswd -nBC 10 NAME");
    }
    return good;
  }

  private Optional<JwtAuth> jwt() {
    JsonNode node = json.at("/auth/jwt");
    if (!node.isObject()) {
      return Optional.empty();
    }
    return jwks(node.path("jwks").asString(""))
        .map(
            jwks ->
                new JwtAuth(
                    text(node.path("issuer")),
                    PoliciesReader.texts(node.path("audience"), List.of()),
                    PoliciesReader.texts(node.path("algorithms"), List.of()),
                    jwks,
                    DurationReader.read(
                        json,
                        "/auth/jwt/refresh",
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(1),
                        Duration.ofHours(24)),
                    DurationReader.read(
                        json,
                        "/auth/jwt/leeway",
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        Duration.ofMinutes(10)),
                    PoliciesReader.texts(node.path("scopes"), List.of())));
  }

  private Optional<String> jwks(String written) {
    if (!written.contains("://")) {
      return paths.resolve(json, "/auth/jwt/jwks", written).map(Path::toString);
    }
    try {
      URI uri = URI.create(written);
      String host = String.valueOf(uri.getHost());
      boolean here = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && ("https".equals(uri.getScheme()) || (here && "http".equals(uri.getScheme())))) {
        return Optional.of(written);
      }
    } catch (IllegalArgumentException none) {
      // told below
    }
    json.error(
        BAD_JWKS,
        "/auth/jwt/jwks",
        "an https URL, an http URL of this machine, or the path of a file",
        ViolationText.quote(written),
        "write one of them; whoever can change the keys on their way can log in");
    return Optional.empty();
  }

  private Optional<String> secret(String pointer) {
    JsonNode node = json.at(pointer);
    Optional<SecretSource> source =
        node.path("env").isString()
            ? Optional.of(
                new SecretSource(SecretSource.Kind.ENVIRONMENT, node.path("env").stringValue()))
            : text(node.path("file"))
                .flatMap(file -> paths.resolve(json, pointer + "/file", file))
                .map(path -> new SecretSource(SecretSource.Kind.FILE, path.toString()));
    try {
      return source.map(found -> Secrets.value(found, options.variables()));
    } catch (IllegalArgumentException e) {
      json.error(
          Secrets.UNREADABLE,
          pointer,
          String.valueOf(e.getMessage()),
          "none",
          "provide it, or remove this entry");
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }

  private static String sha256(String value) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
