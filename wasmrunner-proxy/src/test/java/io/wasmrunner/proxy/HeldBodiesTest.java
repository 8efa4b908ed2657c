package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.ContractPolicy.Mode;
import io.wasmrunner.model.ContractReport.Kind;
import io.wasmrunner.model.Policies;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that are held for a contract count until they have gone on, and no longer. */
final class HeldBodiesTest {
  private static final int BOUND = 20_000;
  private static final int MOST_OF_IT = 15_000;
  private static final String OPENAPI =
      """
      {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/texts": {"post": {
       "requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}}},
       "responses": {"200": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}}}}}}}
      """;

  private final TestingProxy proxy =
      TestingProxy.start(
          options -> options.withLimits(ProxyLimits.DEFAULT.withHeldBodyBytes(BOUND)));

  @AfterEach
  void close() {
    proxy.close();
  }

  private void serve(Mode requests, Mode responses) {
    proxy.runner(
        "texts",
        Policies.DEFAULT.withContract(
            new ContractPolicy(
                requests, responses, true, false, 64, true, new ContractPolicy.Document(OPENAPI))),
        HeldBodiesTest::echo);
    Awaitility.await().until(() -> proxy.runtime().contract("texts").ready());
  }

  private static void echo(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body ->
                request.response().putHeader("Content-Type", "text/plain").end(body.toString()));
  }

  private HttpResponse<String> post() {
    return proxy.send(
        HttpRequest.newBuilder(proxy.uri("/texts/texts"))
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("x".repeat(MOST_OF_IT))));
  }

  private RawClient postHalf() throws IOException {
    RawClient client = proxy.connect();
    client.send(
        "POST /texts/texts HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: "
            + (MOST_OF_IT + 1)
            + "\r\n\r\n"
            + "x".repeat(MOST_OF_IT));
    return client;
  }

  private long unchecked() {
    return proxy.runtime().contract("texts").findings().stream()
        .filter(finding -> finding.kind() == Kind.UNCHECKED)
        .count();
  }

  @Test
  void bodiesThatWentOnDoNotCount() {
    serve(Mode.ENFORCE, Mode.OFF);

    for (int i = 0; i < 10; i++) {
      assertThat(post().statusCode()).as("request %d", i).isEqualTo(200);
    }
  }

  @Test
  void answersThatWentOnDoNotCount() {
    serve(Mode.OFF, Mode.ENFORCE);

    for (int i = 0; i < 10; i++) {
      assertThat(post().statusCode()).as("request %d", i).isEqualTo(200);
    }
    assertThat(unchecked()).isZero();
  }

  @Test
  void bodiesThatAreWatchedDoNotCountWhenTheyHavePassed() {
    serve(Mode.REPORT, Mode.REPORT);

    for (int i = 0; i < 10; i++) {
      assertThat(post().statusCode()).as("request %d", i).isEqualTo(200);
    }
    assertThat(unchecked()).isZero();
  }

  @Test
  void whatFindsNoRoomIsAskedToComeAgainUntilTheOthersHaveGoneOn() throws IOException {
    serve(Mode.ENFORCE, Mode.OFF);
    RawClient first = postHalf();

    Awaitility.await().until(() -> post().statusCode() == 503);
    HttpResponse<String> crowdedOut = post();
    assertThat(crowdedOut.statusCode()).isEqualTo(503);
    assertThat(crowdedOut.body()).contains("WR-3507");
    assertThat(crowdedOut.headers().firstValue("Retry-After")).contains("1");

    first.send("x");
    assertThat(first.read().status()).isEqualTo(200);
    assertThat(post().statusCode()).isEqualTo(200);
  }

  @Test
  void bodiesOfClientsThatLeaveDoNotCount() throws IOException {
    serve(Mode.ENFORCE, Mode.OFF);
    RawClient first = postHalf();
    Awaitility.await().until(() -> post().statusCode() == 503);

    first.close();

    Awaitility.await().until(() -> post().statusCode() == 200);
  }

  @Test
  void watchedBodiesOfClientsThatLeaveDoNotCount() throws IOException {
    serve(Mode.REPORT, Mode.OFF);
    RawClient first = postHalf();
    Awaitility.await()
        .until(
            () -> {
              assertThat(post().statusCode()).isEqualTo(200);
              return unchecked() > 0;
            });

    first.close();

    Awaitility.await()
        .until(
            () -> {
              long before = uncheckedTimes();
              assertThat(post().statusCode()).isEqualTo(200);
              return uncheckedTimes() == before;
            });
  }

  private long uncheckedTimes() {
    return proxy.runtime().contract("texts").findings().stream()
        .filter(finding -> finding.kind() == Kind.UNCHECKED)
        .mapToLong(finding -> finding.count())
        .sum();
  }
}
