package io.wasmrunner.proxy.policy;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import io.wasmrunner.model.JwtAuth;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Login by a signed token: RFC 7519, with the advice of RFC 8725. Thread-safe. */
final class TokenLogin {
  private static final int REMEMBERED = 1_000;
  private static final int LONGEST = 8_192;

  private final JwtAuth auth;
  private final Set<String> algorithms;
  private final IssuerKeys keys;
  private final Workers workers;
  private final Clock clock;
  private final BoundedCache<String, Checked> signed = new BoundedCache<>(REMEMBERED);

  /** A token whose signature was good with these keys. */
  private record Checked(JWKSet keys, JWTClaimsSet claims) {}

  /**
   * What came of it.
   *
   * @param identity who it is; null for nobody
   * @param fault why not, for the caller; empty when it is somebody
   * @param scopesMissing whether it is somebody who may not
   */
  record Outcome(@Nullable Identity identity, String fault, boolean scopesMissing) {
    static Outcome bad(String fault) {
      return new Outcome(null, fault, false);
    }
  }

  TokenLogin(JwtAuth auth, IssuerKeys keys, Workers workers, Clock clock) {
    this.auth = auth;
    this.algorithms = Set.copyOf(auth.algorithms());
    this.keys = keys;
    this.workers = workers;
    this.clock = clock;
  }

  /** Whose token it is. Fails when that cannot be found out now. */
  Future<Outcome> check(String text) {
    if (text.length() > LONGEST) {
      return Future.succeededFuture(Outcome.bad("the token is too long"));
    }
    String mark = Digest.hex(Digest.sha256(text));
    Checked known = signed.get(mark);
    Optional<JWKSet> current = keys.now();
    if (known != null && current.isPresent() && known.keys().equals(current.get())) {
      return Future.succeededFuture(judge(known.claims()));
    }
    SignedJWT token;
    JWTClaimsSet claims;
    try {
      token = SignedJWT.parse(text);
      claims = token.getJWTClaimsSet();
    } catch (ParseException | RuntimeException e) {
      return Future.succeededFuture(Outcome.bad("it is no signed token"));
    }
    if (claims == null || !algorithms.contains(token.getHeader().getAlgorithm().getName())) {
      return Future.succeededFuture(Outcome.bad("its algorithm is not accepted"));
    }
    Outcome early = judge(claims);
    if (early.identity() == null) {
      return Future.succeededFuture(early);
    }
    return current
        .filter(set -> TokenCheck.hasKeyFor(token.getHeader(), set))
        .map(Future::succeededFuture)
        .orElseGet(keys::anew)
        .compose(
            set ->
                workers
                    .run(() -> TokenCheck.isSigned(token, set))
                    .map(
                        good -> {
                          if (!good) {
                            return Outcome.bad("its signature is not that of a known key");
                          }
                          signed.put(mark, new Checked(set, claims));
                          return judge(claims);
                        }));
  }

  private Outcome judge(JWTClaimsSet claims) {
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    Date starts = claims.getNotBeforeTime();
    if (expires == null) {
      return Outcome.bad("it has no end (exp)");
    }
    if (!now.isBefore(expires.toInstant().plus(auth.leeway()))) {
      return Outcome.bad("it has expired");
    }
    if (starts != null && now.isBefore(starts.toInstant().minus(auth.leeway()))) {
      return Outcome.bad("it is not valid yet");
    }
    if (auth.issuer().isPresent() && !auth.issuer().get().equals(claims.getIssuer())) {
      return Outcome.bad("it is from another issuer");
    }
    if (!auth.audiences().isEmpty()
        && claims.getAudience().stream().noneMatch(auth.audiences()::contains)) {
      return Outcome.bad("it is for somebody else");
    }
    String subject = claims.getSubject();
    if (subject == null || subject.isBlank()) {
      return Outcome.bad("it says nothing about whose it is (sub)");
    }
    return new Outcome(
        new Identity("jwt", subject, claims.getClaims()),
        "",
        !scopes(claims).containsAll(auth.scopes()));
  }

  private static Set<String> scopes(JWTClaimsSet claims) {
    Set<String> scopes = new HashSet<>();
    for (String name : List.of("scope", "scp")) {
      if (claims.getClaim(name) instanceof String text) {
        scopes.addAll(List.of(text.split(" ", -1)));
      } else if (claims.getClaim(name) instanceof List<?> list) {
        list.forEach(each -> scopes.add(String.valueOf(each)));
      }
    }
    return scopes;
  }
}
