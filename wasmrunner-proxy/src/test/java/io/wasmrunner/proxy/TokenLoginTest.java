package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.wasmrunner.model.AuthPolicy;
import io.wasmrunner.model.JwtAuth;
import io.wasmrunner.model.Policies;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenLoginTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static RSAKey rsa;
  private static RSAKey otherRsa;
  private static ECKey ec;

  @TempDir private Path folder;
  private final TestingTicker ticker = new TestingTicker();
  private final TestingProxy proxy =
      TestingProxy.start(ticker, options -> options.withClock(Clock.fixed(NOW, ZoneOffset.UTC)));

  @BeforeAll
  static void keys() throws JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("one").generate();
    otherRsa = new RSAKeyGenerator(2048).keyID("two").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  private String file(JWK... keys) throws Exception {
    return Files.writeString(
            folder.resolve("keys.json"), new JWKSet(List.of(keys)).toPublicJWKSet().toString())
        .toString();
  }

  private void serve(String jwks, String... scopes) {
    JwtAuth jwt =
        new JwtAuth(
            Optional.of("issuer"),
            List.of("orders"),
            List.of("RS256", "ES256"),
            jwks,
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            List.of(scopes));
    proxy.runner(
        "shop",
        Policies.DEFAULT.withAuth(
            new AuthPolicy(Optional.empty(), Optional.empty(), Optional.of(jwt), List.of(), false)),
        request ->
            request
                .response()
                .end(
                    request.headers().getAll("X-Wasmrunner-Identity")
                        + " "
                        + request.getHeader("Authorization")));
  }

  private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
    return change
        .apply(
            new JWTClaimsSet.Builder()
                .issuer("issuer")
                .audience(List.of("others", "orders"))
                .subject("ana")
                .claim("scope", "orders:read orders:write")
                .expirationTime(Date.from(NOW.plusSeconds(60))))
        .build();
  }

  private static String signed(JWSAlgorithm algorithm, String kid, JWSSigner with, JWTClaimsSet set)
      throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), set);
    token.sign(with);
    return token.serialize();
  }

  private static String token(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
    return signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), claims(change));
  }

  private HttpResponse<String> with(String token) {
    return proxy.send(
        HttpRequest.newBuilder(proxy.uri("/shop/x")).header("Authorization", "Bearer " + token));
  }

  @Test
  void aGoodTokenGetsThroughAndStaysHere() throws Exception {
    serve(file(rsa, ec));

    for (int i = 0; i < 2; i++) { // The second time from memory.
      assertThat(with(token(c -> c)).body()).isEqualTo("[ana] null");
    }
    assertThat(
            with(signed(JWSAlgorithm.ES256, "ec", new ECDSASigner(ec), claims(c -> c)))
                .statusCode())
        .isEqualTo(200);
    assertThat(
            with(signed(JWSAlgorithm.RS256, null, new RSASSASigner(rsa), claims(c -> c)))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void claimsAreHeldToTheConfiguration() throws Exception {
    serve(file(rsa));

    assertThat(with(token(c -> c.issuer("another"))).statusCode()).isEqualTo(401);
    assertThat(with(token(c -> c.issuer(null))).statusCode()).isEqualTo(401);
    assertThat(with(token(c -> c.audience("others"))).statusCode()).isEqualTo(401);
    assertThat(with(token(c -> c.subject(null))).statusCode()).isEqualTo(401);
    assertThat(with(token(c -> c.expirationTime(null))).statusCode()).isEqualTo(401);
    assertThat(with(token(c -> c.expirationTime(at(-31)))).statusCode()).isEqualTo(401);
    assertThat(with(token(c -> c.expirationTime(at(-29)))).statusCode()).isEqualTo(200);
    assertThat(with(token(c -> c.notBeforeTime(at(31)))).statusCode()).isEqualTo(401);
    HttpResponse<String> expired = with(token(c -> c.expirationTime(at(-100))));
    assertThat(expired.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"shop\", error=\"invalid_token\"");
    assertThat(expired.body()).contains("it has expired");
  }

  private static Date at(int seconds) {
    return Date.from(NOW.plusSeconds(seconds));
  }

  @Test
  void aTokenCannotChooseHowItIsChecked() throws Exception {
    serve(file(rsa, ec));
    String good = token(c -> c);
    byte[] publicKey = rsa.toRSAPublicKey().getEncoded();

    assertThat(with(new PlainJWT(claims(c -> c)).serialize()).statusCode()).isEqualTo(401);
    assertThat(
            with(signed(JWSAlgorithm.HS256, "one", new MACSigner(publicKey), claims(c -> c)))
                .statusCode())
        .isEqualTo(401);
    assertThat(
            with(signed(JWSAlgorithm.RS512, "one", new RSASSASigner(rsa), claims(c -> c)))
                .statusCode())
        .isEqualTo(401);
    assertThat(
            with(signed(JWSAlgorithm.RS256, "one", new RSASSASigner(otherRsa), claims(c -> c)))
                .statusCode())
        .isEqualTo(401);
    assertThat(
            with(signed(JWSAlgorithm.RS256, "ec", new RSASSASigner(rsa), claims(c -> c)))
                .statusCode())
        .isEqualTo(401);
    assertThat(with(good.substring(0, good.lastIndexOf('.') + 1)).statusCode()).isEqualTo(401);
    assertThat(with("x.y.z").statusCode()).isEqualTo(401);
    assertThat(with(good).statusCode()).isEqualTo(200);
  }

  @Test
  void whatATokenDoesNotAllowIsForbidden() throws Exception {
    serve(file(rsa), "orders:write", "orders:delete");

    HttpResponse<String> forbidden = with(token(c -> c));

    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(forbidden.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("insufficient_scope");
    assertThat(with(token(c -> c.claim("scp", List.of("orders:delete")))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void newKeysAreFoundByTheTokensThatNameThem() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    JWKSet[] keys = {new JWKSet(List.of(rsa))};
    TestingRunner issuer =
        proxy.owned(
            TestingRunner.start(
                proxy.vertx(),
                request -> {
                  reads.incrementAndGet();
                  request.response().end(keys[0].toPublicJWKSet().toString());
                }));
    serve("http://127.0.0.1:" + issuer.port() + "/keys");
    String next = signed(JWSAlgorithm.RS256, "two", new RSASSASigner(otherRsa), claims(c -> c));

    assertThat(with(token(c -> c)).statusCode()).isEqualTo(200);
    keys[0] = new JWKSet(List.of(otherRsa));
    for (int i = 0; i < 3; i++) {
      assertThat(with(next).statusCode()).isEqualTo(401); // Looked up just now.
    }
    assertThat(reads).hasValue(1);

    // Noticed before the next request: it would seem to have waited for all that time.
    ticker.pass(Duration.ofSeconds(11));
    assertThat(with(next).statusCode()).isEqualTo(200);
    assertThat(with(token(c -> c)).statusCode()).isEqualTo(401);
    assertThat(reads).hasValue(2);
  }

  @Test
  void withoutKeysNobodyGetsThrough() throws Exception {
    serve("http://127.0.0.1:1/keys");

    HttpResponse<String> answer = with(token(c -> c));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("WR-3507");
  }
}
