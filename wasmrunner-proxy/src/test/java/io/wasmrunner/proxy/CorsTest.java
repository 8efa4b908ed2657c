package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.AuthPolicy;
import io.wasmrunner.model.BasicAuth;
import io.wasmrunner.model.CorsPolicy;
import io.wasmrunner.model.Policies;
import io.wasmrunner.proxy.RawConnection.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CorsTest {
  private final TestingProxy proxy = TestingProxy.start();

  @AfterEach
  void close() {
    proxy.close();
  }

  private void serve(boolean credentials, String... origins) {
    proxy.runner(
        "shop",
        Policies.DEFAULT
            .withCors(
                new CorsPolicy(
                    List.of(origins),
                    List.of("GET", "PUT"),
                    List.of("Content-Type", "X-Own"),
                    List.of("X-Total"),
                    credentials,
                    Duration.ofMinutes(1)))
            .withAuth(
                new AuthPolicy(
                    Optional.empty(),
                    Optional.of(new BasicAuth("r", List.of())),
                    Optional.empty(),
                    List.of("/open"),
                    false)),
        request ->
            request
                .response()
                .putHeader("Access-Control-Allow-Origin", "https://own.example")
                .end("ok"));
  }

  private Message preflight(String origin, String method, String headers) {
    RawClient client = proxy.connect();
    try {
      client.sendHead(
          "OPTIONS /shop/x HTTP/1.1",
          "Host: a",
          "Origin: " + origin,
          "Access-Control-Request-Method: " + method,
          "Access-Control-Request-Headers: " + headers);
      return client.read();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aPreflightIsAnsweredHereWithoutALogin() {
    serve(true, "https://a.example");

    Message yes = preflight("https://a.example", "PUT", "content-type, x-own");

    assertThat(yes.status()).isEqualTo(204);
    assertThat(yes.all("Access-Control-Allow-Origin")).containsExactly("https://a.example");
    assertThat(yes.all("Access-Control-Allow-Credentials")).containsExactly("true");
    assertThat(yes.all("Access-Control-Allow-Methods")).containsExactly("GET, PUT");
    assertThat(yes.all("Access-Control-Allow-Headers")).containsExactly("content-type, x-own");
    assertThat(yes.all("Access-Control-Max-Age")).containsExactly("60");
    assertThat(yes.all("Vary")).contains("Origin");
  }

  @Test
  void whatIsNotAllowedIsRefused() {
    serve(false, "https://a.example");

    Message origin = preflight("https://b.example", "GET", "x-own");
    assertThat(origin.status()).isEqualTo(403);
    assertThat(origin.text()).contains("WR-3506");
    assertThat(origin.all("Access-Control-Allow-Origin")).isEmpty();
    assertThat(preflight("https://a.example", "DELETE", "x-own").status()).isEqualTo(403);
    assertThat(preflight("https://a.example", "GET", "x-other").status()).isEqualTo(403);
  }

  @Test
  void answersAndRefusalsCanBeReadByThePagesAllowed() {
    serve(false, "https://a.example");

    Message fine = proxy.connect().get("/shop/open", "Origin: https://a.example");
    assertThat(fine.all("Access-Control-Allow-Origin")).containsExactly("https://a.example");
    assertThat(fine.all("Access-Control-Expose-Headers")).containsExactly("X-Total");
    assertThat(fine.all("Vary")).containsExactly("Origin");
    Message refused = proxy.connect().get("/shop/x", "Origin: https://a.example");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.all("Access-Control-Allow-Origin")).containsExactly("https://a.example");
    Message other = proxy.connect().get("/shop/open", "Origin: https://b.example");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.all("Access-Control-Allow-Origin")).isEmpty();
    assertThat(other.all("Vary")).containsExactly("Origin");
  }

  @ParameterizedTest
  @CsvSource({
    "https://x.a.example, true",
    "https://x.y.a.example, true",
    "https://a.example, false",
    "https://evila.example, false",
    "http://x.a.example, false",
    "https://evil.example/.a.example, false",
    "https://evil.example#.a.example, false",
    "https://x.a.example.evil.example, false",
    "null, false"
  })
  void patternsStandForNamesBelow(String origin, boolean allowed) {
    serve(false, "https://*.a.example");

    assertThat(
            proxy
                .connect()
                .get("/shop/open", "Origin: " + origin)
                .all("Access-Control-Allow-Origin"))
        .isEqualTo(allowed ? List.of(origin) : List.of());
  }

  @Test
  void aStarStandsForAllAndNeedsNoVary() {
    serve(false, "*");

    Message answer = proxy.connect().get("/shop/open", "Origin: https://a.example");

    assertThat(answer.all("Access-Control-Allow-Origin")).containsExactly("*");
    assertThat(answer.all("Vary")).isEmpty();
  }
}
