package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RateLimit;
import io.wasmrunner.model.RateLimit.Source;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
  private final TestingTicker ticker = new TestingTicker();
  private final TestingProxy proxy = TestingProxy.start(ticker);
  private final AtomicInteger served = new AtomicInteger();

  @AfterEach
  void close() {
    proxy.close();
  }

  private void serve(RateLimit limit) {
    proxy.runner(
        "shop",
        Policies.DEFAULT.withRateLimit(limit),
        request -> request.response().end("order " + served.incrementAndGet()));
  }

  private static RateLimit limit(
      int rate, Duration period, int burst, RateLimit.Key key, int keys) {
    return new RateLimit(rate, period, burst, key, keys);
  }

  private HttpResponse<String> of(String tenant) {
    return proxy.send(HttpRequest.newBuilder(proxy.uri("/shop/x")).header("X-Tenant", tenant));
  }

  @Test
  void requestsBeyondTheBurstAreRefusedUntilTokensHaveCome() {
    serve(limit(1, Duration.ofSeconds(10), 2, RateLimit.Key.CLIENT, 100));

    HttpResponse<String> first = proxy.get("/shop/x");
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.headers().firstValue("RateLimit-Policy")).contains("\"service\";q=2;w=20");
    assertThat(first.headers().firstValue("RateLimit")).contains("\"service\";r=1;t=10");
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(200);

    HttpResponse<String> third = proxy.get("/shop/x");
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(third.headers().firstValue("Retry-After")).contains("10");
    assertThat(third.headers().firstValue("RateLimit")).contains("\"service\";r=0;t=20");
    assertThat(new JsonObject(third.body()).getString("code")).isEqualTo("WR-3503");
    assertThat(served).hasValue(2);

    ticker.advance(Duration.ofMillis(9_900));
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(429);
    ticker.advance(Duration.ofMillis(200));
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(200);
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(429);
  }

  @Test
  void refusalsAreCounted() {
    serve(limit(1, Duration.ofSeconds(10), 1, RateLimit.Key.CLIENT, 100));

    proxy.get("/shop/x");
    proxy.get("/shop/x");

    assertThat(
            proxy.runtime().stats().services().get(0).endpoints().get(0).minutes().get(0).counts())
        .containsEntry(429, 1L)
        .containsEntry(200, 1L);
  }

  @Test
  void callersAreToldApartByAHeaderField() {
    serve(limit(1, Duration.ofSeconds(10), 1, new RateLimit.Key(Source.HEADER, "X-Tenant"), 100));

    assertThat(of("a").statusCode()).isEqualTo(200);
    assertThat(of("b").statusCode()).isEqualTo(200);
    assertThat(of("a").statusCode()).isEqualTo(429);
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(200);
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(429);
  }

  @Test
  void theCallerThatWasQuietLongestIsForgotten() {
    serve(limit(1, Duration.ofSeconds(10), 1, new RateLimit.Key(Source.HEADER, "X-Tenant"), 2));

    of("a");
    of("b");
    assertThat(of("a").statusCode()).isEqualTo(429); // b is the one that was quiet longest now
    of("c");

    assertThat(of("a").statusCode()).isEqualTo(429);
    assertThat(of("b").statusCode()).isEqualTo(200);
  }

  @Test
  void aServiceHasOneBucketForAllWhenTold() {
    serve(limit(1, Duration.ofSeconds(10), 1, new RateLimit.Key(Source.SERVICE, ""), 100));

    assertThat(of("a").statusCode()).isEqualTo(200);
    assertThat(of("b").statusCode()).isEqualTo(429);
  }

  @Test
  void whatWasCountedStaysWhenTheRouteChanges() {
    RateLimit limit = limit(1, Duration.ofSeconds(10), 1, RateLimit.Key.CLIENT, 100);
    serve(limit);
    proxy.get("/shop/x");

    serve(limit);
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(429);

    serve(limit(2, Duration.ofSeconds(10), 1, RateLimit.Key.CLIENT, 100));
    assertThat(proxy.get("/shop/x").statusCode()).isEqualTo(200);
  }

  @Test
  void deliveriesAreNotLimited() {
    serve(limit(1, Duration.ofSeconds(10), 1, RateLimit.Key.CLIENT, 100));

    for (int i = 0; i < 3; i++) {
      HttpResponse<String> answer =
          proxy.send(
              HttpRequest.newBuilder(proxy.proxy().innerBase().resolve("/shop/x"))
                  .header("WR-Inner-Token", proxy.proxy().innerToken()));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("RateLimit")).isEmpty();
    }
  }
}
