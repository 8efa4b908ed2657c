package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.proxy.RawConnection.Message;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutingTest {
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
    proxy.runner("hello", request -> request.response().end("hello got " + request.uri()));
    TestingRunner deep =
        proxy.owned(
            TestingRunner.start(
                proxy.vertx(), request -> request.response().end("deep got " + request.uri())));
    TestingRunner accented =
        proxy.owned(
            TestingRunner.start(
                proxy.vertx(), request -> request.response().end("año got " + request.uri())));
    proxy
        .runtime()
        .serve(
            TestingRuntime.route("deep", "hello/deep", deep.port()),
            TestingRuntime.route("año", "año", accented.port()),
            TestingRuntime.route("a", "a", deep.port()),
            TestingRuntime.route("ab", "ab", accented.port()));
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/hello, hello got /",
    "/hello/, hello got /",
    "/hello?x=1, hello got /?x=1",
    "/hello/x/y?q=1&r=%20, hello got /x/y?q=1&r=%20",
    "/hello/hello, hello got /hello",
    "/hello/a%2Fb%20c%C3%A9, hello got /a%2Fb%20c%C3%A9",
    "/hello/a//b///, hello got /a//b///",
    "/hello/%7Euser;v=1/x:y@z!$&'()*+=, hello got /%7Euser;v=1/x:y@z!$&'()*+=",
    "/hello/.hidden/..x/x../..., hello got /.hidden/..x/x../...",
    "/hello/x?redirect=/../etc#no, ",
    "/hello/x?redirect=/../../etc, hello got /x?redirect=/../../etc",
    "/hello/deep, deep got /",
    "/hello/deep/x, deep got /x",
    "/hello/deeper, hello got /deeper",
    "/h%65llo/%7ex, hello got /%7ex",
    "/a%C3%B1o/x, año got /x",
    "/a%c3%b1o/x, año got /x",
    "/a/x, deep got /x",
    "/ab/x, año got /x",
    "http://test.local/hello/x?y, hello got /x?y",
    "http://test.local/hello, hello got /",
  })
  void thePrefixIsTakenOffAndTheRestArrivesByteForByte(String target, String answer) {
    Message message = proxy.connect().get(target);

    if (answer == null) {
      assertThat(message.status()).isEqualTo(400);
    } else {
      assertThat(message.text()).isEqualTo(answer);
      assertThat(message.status()).isEqualTo(200);
    }
  }

  @Test
  void bytesOutsideAsciiAreEncodedOnTheWay() {
    // What a terminal in UTF-8 sends for /hello/ñ.
    assertThat(proxy.connect().get("/hello/\u00c3\u00b1?\u00c3\u00b1").text())
        .isEqualTo("hello got /%C3%B1?%C3%B1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hellox",
        "/hello-x/y",
        "/Hello/x",
        "/hell",
        "/",
        "/nothing/x",
        "/abc/x",
        "/_",
        "/health"
      })
  void aPrefixEndsAtASegmentBoundary(String target) {
    Message message = proxy.connect().get(target);

    if (target.equals("/") || target.equals("/health")) {
      assertThat(message.text()).startsWith("management");
    } else {
      assertThat(message.status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hello/../a/x",
        "/hello/..",
        "/hello/./x",
        "/hello/.",
        "/../hello/x",
        "/hello/%2e%2e/x",
        "/hello/.%2E/x",
        "/hello/%2e/x",
        "/hello/x%2f..%2fy",
        "/hello/x%5c..%5cy",
        "/hello/x%00",
        "/hello/x%0d%0aSet-Cookie:a",
        "/hello/x%7f",
        "/hello/%",
        "/hello/%4",
        "/hello/%zz",
        "/hello/a\\b",
        "/hello\\x",
        "/hello%2fx",
        "/hello%5Cx",
        "/hello%2Fdeep/x",
        "/hello/deep%2Fx",
        "/hello//deep/x",
        "//hello/x",
        "/__runner__%2fstats",
        "//__runner__/stats",
        "/__runner__/../hello/x",
        "/__runner__/%2e%2e/hello/x",
        "hello/x",
        "*",
        "ftp://elsewhere.example/hello/x",
        "/hello/x#fragment"
      })
  void whatCouldBeReadInTwoWaysIsRefused(String target) {
    Message message = proxy.connect().get(target);

    assertThat(message.status()).as(message.text()).isEqualTo(400);
    assertThat(new JsonObject(message.text()).getString("code")).isEqualTo("WR-3102");
  }

  @Test
  void anUnknownPrefixIsToldWhichAreKnown() {
    HttpResponse<String> answer = proxy.get("/nothing/here?secret=1");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getString("type")).isEqualTo("urn:wasmrunner:error:WR-3101");
    assertThat(problem.getString("code")).isEqualTo("WR-3101");
    assertThat(problem.getInteger("status")).isEqualTo(404);
    assertThat(problem.getString("title")).isNotBlank();
    assertThat(problem.getString("detail")).contains("/nothing/here").doesNotContain("secret");
    assertThat(problem.getString("fix")).contains("hello", "hello/deep");
    assertThat(problem.getJsonArray("known_prefixes")).contains("hello", "hello/deep", "año");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?lang=es",
        "/health",
        "/ready",
        "/favicon.ico",
        "/__runner__",
        "/__runner__/",
        "/__runner__/stats",
        "/__runner__/queues/a%2Fb",
        "/%5f_runner__/stats"
      })
  void reservedPathsGoToManagementUntouched(String target) {
    assertThat(proxy.connect().get(target).text()).isEqualTo("management GET " + target + " ");
  }

  @Test
  void managementGetsBodies() {
    Message answer =
        proxy
            .connect()
            .call(
                "POST /__runner__/queues/q",
                "Content-Length: 5",
                "Expect: 100-continue",
                "\r\nhello");

    assertThat(answer.startLine()).isEqualTo("HTTP/1.1 100 Continue");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthy", "/ready/x", "/health/x", "/__runner__x", "/favicon.icon"})
  void neighboursOfReservedPathsAreNotReserved(String target) {
    assertThat(proxy.connect().get(target).status()).isEqualTo(404);
  }

  @Test
  void connectIsNotForUs() {
    Message message = proxy.connect().call("CONNECT elsewhere.example:443");

    assertThat(message.status()).isEqualTo(501);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "MY-OWN"})
  void allMethodsPass(String method) {
    proxy.runner("methods", request -> request.response().end(request.method().name()));

    assertThat(proxy.connect().call(method + " /methods/x").text()).isEqualTo(method);
  }
}
