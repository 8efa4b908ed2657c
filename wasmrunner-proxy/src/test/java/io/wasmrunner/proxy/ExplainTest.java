package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.ExplainQuery;
import io.wasmrunner.bus.ExplainReply;
import io.wasmrunner.bus.RefusalsPage;
import io.wasmrunner.bus.RefusalsQuery;
import io.wasmrunner.proxy.RawConnection.Message;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ExplainTest {
  private static TestingProxy proxy;

  @BeforeAll
  static void start() {
    proxy =
        TestingProxy.start(
            options ->
                options.withEdge(
                    EdgeOptions.DEFAULT
                        .withServerTiming(true)
                        .withTrustedProxies(new TrustedProxies(List.of("127.0.0.1")))));
    proxy.runner(
        "echo",
        request ->
            request
                .response()
                .putHeader("Asked", String.valueOf(request.getHeader("WR-Explain")))
                .end("echo"));
    proxy.runtime().serve(TestingRuntime.route("down"));
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @Test
  void theHeaderTellsWhoDecided() {
    Message answer = proxy.connect().get("/echo", "WR-Explain: 1");

    assertThat(answer.all("WR-Explanation"))
        .contains("route; /echo is served by echo", "runner; echo/0 answered with status 200");
    assertThat(answer.all("Asked")).containsExactly("null");
    assertThat(proxy.connect().get("/echo").all("WR-Explanation")).isEmpty();
  }

  @Test
  void problemsTellTheRule() {
    Message answer = proxy.connect().get("/down", "WR-Explain: 1");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.all("WR-Explanation"))
        .contains("route; /down is served by down")
        .anyMatch(step -> step.startsWith("refused; WR-3201: "));
    assertThat(new JsonObject(answer.text()).getString("request_id"))
        .isEqualTo(answer.header("X-Request-Id").orElseThrow());
  }

  @Test
  void clientsBehindAProxyAreNotTold() {
    assertThat(
            proxy
                .connect()
                .get("/echo", "WR-Explain: 1", "X-Forwarded-For: 203.0.113.9")
                .all("WR-Explanation"))
        .isEmpty();
    assertThat(proxy.connect().get("/echo", "WR-Explain: 1", "Via: 1.1 edge").all("WR-Explanation"))
        .isEmpty();
  }

  @Test
  void serverTimingSaysWhatTookHowLong() {
    assertThat(proxy.connect().get("/echo").all("Server-Timing"))
        .hasSize(1)
        .allMatch(t -> t.matches("wasmrunner;dur=\\d+\\.\\d{3}, service;dur=\\d+\\.\\d{3}"));
  }

  private static ExplainReply explain(String target) {
    return TestingProxy.await(
        proxy
            .runtime()
            .bus()
            .request(
                BusAddress.ROUTES_EXPLAIN, new ExplainQuery("GET", target), ExplainReply.class));
  }

  @Test
  void aRequestIsExplainedWithoutBeingSent() {
    ExplainReply served = explain("/echo/x?y");
    assertThat(served.outcome()).isEqualTo("service");
    assertThat(served.service()).contains("echo");
    assertThat(served.forwardedTarget()).contains("/x?y");
    assertThat(served.runners()).hasSize(1).allMatch(ExplainReply.Candidate::available);
    assertThat(served.decisions().get(1).detail())
        .isEqualTo("round_robin chooses among 1 of 1 runners");

    assertThat(explain("/__runner__/x").outcome()).isEqualTo("management");
    assertThat(explain("/none").code()).contains("WR-3101");
    assertThat(explain("/a/../b").code()).contains("WR-3102");
    assertThat(explain("/down").code()).contains("WR-3201");
  }

  @Test
  void whatWasRefusedLastIsKeptUpToABound() {
    RawClient client = proxy.connect();
    for (int i = 0; i < RecentRefusals.KEPT + 5; i++) {
      client.get("/none/" + i + "?password=secret");
    }

    RefusalsPage page =
        TestingProxy.await(
            proxy
                .runtime()
                .bus()
                .request(BusAddress.REFUSALS_READ, new RefusalsQuery(1_000), RefusalsPage.class));
    assertThat(page.requests()).hasSize(RecentRefusals.KEPT);
    assertThat(page.requests().get(0).target())
        .isEqualTo("/none/" + (RecentRefusals.KEPT + 4) + "?password=***");
    assertThat(page.requests().get(0).code()).isEqualTo("WR-3101");
    assertThat(page.requests().get(0).client()).isEqualTo("127.0.0.1");
  }
}
