package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.ApiKeyAuth;
import io.wasmrunner.model.AuthPolicy;
import io.wasmrunner.model.BasicAuth;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RateLimit;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoginTest {
  /** Of the password {@code correct horse}, cost 4. */
  private static final String BCRYPT = bcrypt("correct horse");

  private final TestingProxy proxy = TestingProxy.start();

  @AfterEach
  void close() {
    proxy.close();
  }

  private static String bcrypt(String password) {
    return at.favre.lib.crypto.bcrypt.BCrypt.with(
            at.favre.lib.crypto.bcrypt.BCrypt.Version.VERSION_2Y)
        .hashToString(4, password.toCharArray());
  }

  private static String pbkdf2(String password) throws Exception {
    byte[] salt = "a salt of octets".getBytes(StandardCharsets.UTF_8);
    byte[] hash =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 1000, 256))
            .getEncoded();
    return "$pbkdf2-sha256$i=1000$"
        + Base64.getEncoder().encodeToString(salt)
        + "$"
        + Base64.getEncoder().encodeToString(hash);
  }

  private static ApiKeyAuth.Key key(String name, String value) throws Exception {
    return new ApiKeyAuth.Key(
        name,
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(value.getBytes(StandardCharsets.UTF_8))));
  }

  private static AuthPolicy keys(Optional<String> query) throws Exception {
    return new AuthPolicy(
        Optional.of(
            new ApiKeyAuth(
                Optional.of("X-API-Key"), query, List.of(key("shop", "s3cret"), key("b", "k2")))),
        Optional.empty(),
        Optional.empty(),
        List.of("/open", "/docs/*"),
        false);
  }

  private static AuthPolicy users(String hash) {
    return new AuthPolicy(
        Optional.empty(),
        Optional.of(new BasicAuth("orders", List.of(new BasicAuth.User("ana", hash)))),
        Optional.empty(),
        List.of(),
        false);
  }

  private void serve(Policies policies) {
    proxy.runner("shop", policies, LoginTest::tell);
  }

  private void serve(AuthPolicy auth) {
    serve(Policies.DEFAULT.withAuth(auth));
  }

  private static void tell(HttpServerRequest request) {
    request
        .response()
        .end(
            request.uri()
                + " identity="
                + request.headers().getAll("X-Wasmrunner-Identity")
                + request.headers().getAll("X_Wasmrunner_Identity")
                + " way="
                + request.headers().getAll("X-Wasmrunner-Auth")
                + " key="
                + request.getHeader("X-API-Key")
                + " authorization="
                + request.getHeader("Authorization"));
  }

  private HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(proxy.uri(path));
    return proxy.send(headers.length == 0 ? request : request.headers(headers));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /* ---- keys ---- */

  @Test
  void aKnownKeyGetsThroughAndTheServiceLearnsWhoseItIs() throws Exception {
    serve(keys(Optional.empty()));

    HttpResponse<String> answer =
        get(
            "/shop/x?a=1",
            "X-API-Key",
            "s3cret",
            "X-Wasmrunner-Identity",
            "admin",
            "X_Wasmrunner_Identity",
            "admin",
            "x-wasmrunner-auth",
            "forged");

    assertThat(answer.body())
        .isEqualTo("/x?a=1 identity=[shop][] way=[api_key] key=null authorization=null");
  }

  @Test
  void withoutAKeyOrWithAnotherNobodyGetsThrough() throws Exception {
    serve(keys(Optional.empty()));

    HttpResponse<String> none = get("/shop/x");
    HttpResponse<String> wrong = get("/shop/x", "X-API-Key", "guess-me");

    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("WWW-Authenticate")).contains("ApiKey realm=\"shop\"");
    assertThat(new JsonObject(none.body()).getString("code")).isEqualTo("WR-3501");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.body()).doesNotContain("guess-me");
  }

  @Test
  void aKeyInTheQueryGetsThroughAndGoesNoFurther() throws Exception {
    serve(keys(Optional.of("api_key")));

    assertThat(get("/shop/x?a=1&api%5Fkey=s3cret&b=%20").body())
        .startsWith("/x?a=1&b=%20 identity=[shop]");
    assertThat(get("/shop/x?api_key=s3cret").body()).startsWith("/x identity=[shop]");
    assertThat(get("/shop/x?api_key=other").statusCode()).isEqualTo(401);
  }

  @Test
  void publicPathsAskForNothing() throws Exception {
    serve(keys(Optional.empty()));

    assertThat(get("/shop/open").statusCode()).isEqualTo(200);
    assertThat(get("/shop/docs/a/b").statusCode()).isEqualTo(200);
    assertThat(get("/shop/docs").statusCode()).isEqualTo(401);
    assertThat(get("/shop/open/x").statusCode()).isEqualTo(401);
    assertThat(get("/shop/docs/%2e%2e%2fx").statusCode()).isIn(400, 401);
    assertThat(get("/shop/docs/..;/x").statusCode()).isEqualTo(401);
  }

  @Test
  void withoutALoginNobodyCanPretendToBeSomebody() {
    serve(Policies.DEFAULT);

    assertThat(get("/shop/x", "X-Wasmrunner-Identity", "admin", "X-Wasmrunner-Auth", "jwt").body())
        .startsWith("/x identity=[][] way=[]");
  }

  @Test
  void deliveriesNeedNoLogin() throws Exception {
    serve(keys(Optional.empty()));

    HttpResponse<String> answer =
        proxy.send(
            HttpRequest.newBuilder(proxy.proxy().innerBase().resolve("/shop/x"))
                .header("WR-Inner-Token", proxy.proxy().innerToken())
                .header("X-Wasmrunner-Identity", "admin"));

    assertThat(answer.body()).startsWith("/x identity=[][] way=[]");
  }

  @Test
  void limitsCanCountByWhoCalls() throws Exception {
    serve(
        Policies.DEFAULT
            .withAuth(keys(Optional.empty()))
            .withRateLimit(
                new RateLimit(
                    1,
                    Duration.ofHours(1),
                    1,
                    new RateLimit.Key(RateLimit.Source.IDENTITY, ""),
                    100)));

    assertThat(get("/shop/x", "X-API-Key", "s3cret").statusCode()).isEqualTo(200);
    assertThat(get("/shop/x", "X-API-Key", "s3cret").statusCode()).isEqualTo(429);
    assertThat(get("/shop/x", "X-API-Key", "k2").statusCode()).isEqualTo(200);
  }

  /* ---- passwords ---- */

  @Test
  void namesAndPasswordsAreComparedWithTheirHashes() throws Exception {
    for (String hash : List.of(BCRYPT, pbkdf2("correct horse"))) {
      serve(users(hash));

      for (int i = 0; i < 2; i++) { // The second time from memory.
        assertThat(get("/shop/x", "Authorization", basic("ana:correct horse")).body())
            .isEqualTo("/x identity=[ana][] way=[basic] key=null authorization=null");
      }
      HttpResponse<String> wrong = get("/shop/x", "Authorization", basic("ana:wrong"));
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.headers().firstValue("WWW-Authenticate"))
          .contains("Basic realm=\"orders\", charset=\"UTF-8\"");
      assertThat(get("/shop/x", "Authorization", basic("eva:correct horse")).statusCode())
          .isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic", "Basic ", "Basic %%%", "Basic YW5h", "Bearer x", "basic "})
  void whatIsNoLoginIsRefused(String authorization) {
    serve(users(BCRYPT));

    assertThat(get("/shop/x", "Authorization", authorization).statusCode()).isEqualTo(401);
  }

  @Test
  void aBodyWaitsForTheLogin() throws Exception {
    proxy.runner(
        "echo",
        Policies.DEFAULT.withAuth(users(BCRYPT)),
        request -> request.body().onSuccess(body -> request.response().end(body)));
    String body = "x".repeat(100_000);

    HttpResponse<String> answer =
        proxy.send(
            HttpRequest.newBuilder(proxy.uri("/echo/x"))
                .header("Authorization", basic("ana:correct horse"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));

    assertThat(answer.body()).isEqualTo(body);
  }
}
