package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that come before the pages of the dashboard are made. */
final class LateRouterTest {
  private static final long PATIENCE_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch mayBeMade = new CountDownLatch(1);
  private final AtomicInteger made = new AtomicInteger();
  private int port;

  @AfterEach
  void close() {
    mayBeMade.countDown();
    await(vertx.close());
  }

  @Test
  void someAreAnsweredAtOnceAndTheOthersWaitForTheirRouter() {
    serve(
        () -> {
          made.incrementAndGet();
          mayBeMade.await();
          return answering("late");
        });

    assertThat(get("/early").join().body()).isEqualTo("early");
    assertThat(made).hasValue(0); // nobody needed it
    CompletableFuture<HttpResponse<String>> first = get("/page");
    CompletableFuture<HttpResponse<String>> second = post("/page", "text");
    assertThat(get("/early").join().body()).isEqualTo("early");
    assertThat(first).isNotDone();
    mayBeMade.countDown();

    assertThat(first.join().body()).isEqualTo("late: ");
    assertThat(second.join().body()).isEqualTo("late: text");
    assertThat(get("/early").join().body()).isEqualTo("late: ");
    assertThat(made).hasValue(1);
  }

  @Test
  void aRouterThatCannotBeMadeIsSaidSo() {
    serve(
        () -> {
          throw new IllegalStateException("no templates");
        });

    assertThat(get("/page").join().statusCode()).isEqualTo(503);
    assertThat(get("/early").join().body()).isEqualTo("early");
  }

  private void serve(Callable<Router> maker) {
    Router early = Router.router(vertx);
    early.route().handler(context -> context.end("early"));
    LateRouter router =
        new LateRouter(vertx, early, request -> "/early".equals(request.path()), maker);
    port = await(vertx.createHttpServer().requestHandler(router).listen(0)).actualPort();
  }

  private Router answering(String word) {
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> context.request().body().onSuccess(body -> context.end(word + ": " + body)));
    return router;
  }

  private CompletableFuture<HttpResponse<String>> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  private CompletableFuture<HttpResponse<String>> post(String path, String body) {
    return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
    return http.sendAsync(
        request.timeout(Duration.ofSeconds(PATIENCE_SECONDS)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
