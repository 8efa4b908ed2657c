package io.wasmrunner.proxy.policy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.wasmrunner.model.AuthPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out who calls, by what the request carries. Thread-safe. */
final class Authenticator {
  private static final Map<String, String> LATER = Map.of("Retry-After", "1");

  private final AuthPolicy auth;
  private final @Nullable ApiKeys apiKeys;
  private final @Nullable BasicLogin basic;
  private final @Nullable TokenLogin tokens;
  private final String realm;

  Authenticator(
      AuthPolicy auth,
      @Nullable ApiKeys apiKeys,
      @Nullable BasicLogin basic,
      @Nullable TokenLogin tokens,
      String service) {
    this.auth = auth;
    this.apiKeys = apiKeys;
    this.basic = basic;
    this.tokens = tokens;
    this.realm = auth.basic().map(login -> login.realm()).orElse(service);
  }

  /** Either who it is, or why not. */
  record Result(@Nullable Identity identity, @Nullable Denial denial) {
    static Result of(Identity identity) {
      return new Result(identity, null);
    }

    static Result no(Denial denial) {
      return new Result(null, denial);
    }
  }

  AuthPolicy policy() {
    return auth;
  }

  /** Whether a path asks for nothing. */
  boolean isPublic(String path) {
    for (String open : auth.publicPaths()) {
      if (open.endsWith("/*")
          ? path.startsWith(open.substring(0, open.length() - 1))
          : path.equals(open)) {
        // What the service may read as another path is not open.
        return path.indexOf('%') < 0 && path.indexOf(';') < 0 && !path.contains("//");
      }
    }
    return false;
  }

  /** Who calls. Never fails; often done when this returns. */
  Future<Result> check(PolicyRequest request) {
    String key = apiKeys == null ? null : apiKeys.of(request);
    if (apiKeys != null && key != null) {
      Result result =
          apiKeys
              .check(key)
              .map(Result::of)
              .orElseGet(() -> Result.no(unknown("The key is not known.", "")));
      return Future.succeededFuture(result);
    }
    List<String> given = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    String authorization = given.size() == 1 ? given.get(0) : "";
    if (basic != null && hasScheme(authorization, "Basic ")) {
      return basic
          .check(authorization.substring("Basic ".length()))
          .map(
              found ->
                  found
                      .map(Result::of)
                      .orElseGet(() -> Result.no(unknown("Name or password is wrong.", ""))))
          .otherwise(cannot -> Result.no(later()));
    }
    if (tokens != null && hasScheme(authorization, "Bearer ")) {
      return tokens
          .check(authorization.substring("Bearer ".length()).strip())
          .map(this::result)
          .otherwise(cannot -> Result.no(later()));
    }
    return Future.succeededFuture(
        Result.no(
            given.size() > 1
                ? unknown("There are several Authorization fields.", "")
                : unknown("The request does not say who sends it.", "")));
  }

  /** Takes away what the caller proved itself with. */
  void removeCredentials(MultiMap headers) {
    if (auth.forwardCredentials()) {
      return;
    }
    auth.apiKey().flatMap(login -> login.header()).ifPresent(headers::remove);
    if (basic != null || tokens != null) {
      headers.remove(HttpHeaders.AUTHORIZATION);
    }
  }

  /** The query without a key in it. */
  @Nullable String withoutCredentials(@Nullable String query) {
    Optional<String> name = auth.apiKey().flatMap(login -> login.query());
    return query == null || name.isEmpty() || auth.forwardCredentials()
        ? query
        : QueryText.without(query, name.get());
  }

  private Result result(TokenLogin.Outcome outcome) {
    Identity identity = outcome.identity();
    if (identity == null) {
      return Result.no(
          unknown("The token is not accepted: " + outcome.fault() + ".", "invalid_token"));
    }
    if (outcome.scopesMissing() && tokens != null) {
      String scopes = String.join(" ", auth.jwt().map(login -> login.scopes()).orElse(List.of()));
      return Result.no(
          Denial.of(
                  Denial.Reason.FORBIDDEN,
                  "The token does not allow this.",
                  "Ask for a token with the scopes " + scopes + ".")
              .withHeaders(
                  Map.of(
                      "WWW-Authenticate",
                      "Bearer realm=\"%s\", error=\"insufficient_scope\", scope=\"%s\""
                          .formatted(realm, scopes))));
    }
    return Result.of(identity);
  }

  private Denial unknown(String detail, String error) {
    List<String> challenges = new ArrayList<>(3);
    List<String> ways = new ArrayList<>(3);
    if (basic != null) {
      challenges.add("Basic realm=\"" + realm + "\", charset=\"UTF-8\"");
      ways.add("name and password (Basic)");
    }
    if (tokens != null) {
      challenges.add(
          "Bearer realm=\"" + realm + "\"" + (error.isEmpty() ? "" : ", error=\"" + error + "\""));
      ways.add("a token (Bearer)");
    }
    if (apiKeys != null) {
      challenges.add("ApiKey realm=\"" + realm + "\"");
      ways.add(
          "a key in "
              + auth.apiKey()
                  .flatMap(login -> login.header())
                  .map(name -> "the header field " + name)
                  .orElse("the query"));
    }
    return Denial.of(
            Denial.Reason.UNAUTHENTICATED, detail, "Send " + String.join(" or ", ways) + ".")
        .withHeaders(Map.of("WWW-Authenticate", String.join(", ", challenges)));
  }

  private static Denial later() {
    return Denial.of(
            Denial.Reason.CHECK_UNAVAILABLE,
            "Who sends the request cannot be found out now.",
            "Try again in a second.")
        .withHeaders(LATER);
  }

  private static boolean hasScheme(String authorization, String scheme) {
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
  }
}
