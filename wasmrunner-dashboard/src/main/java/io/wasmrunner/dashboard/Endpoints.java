package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of paths and methods; a known path with another method is 405 with {@code Allow}. */
final class Endpoints {
  private final Router router;
  private final Map<String, Set<String>> methods = new LinkedHashMap<>();

  Endpoints(Router router) {
    this.router = router;
  }

  /** Answers GET and HEAD. */
  Endpoints get(String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
    known(path).addAll(Set.of("GET", "HEAD"));
    return this;
  }

  /** Answers GET and HEAD with the JSON of a value that comes later. */
  Endpoints json(String path, Function<RoutingContext, Future<?>> answer) {
    return get(path, context -> reply(context, answer));
  }

  /** Answers POST. */
  Endpoints post(String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.POST).handler(handler);
    known(path).add("POST");
    return this;
  }

  /** Answers POST with the JSON of a value that comes later. */
  Endpoints postJson(String path, Function<RoutingContext, Future<?>> answer) {
    return post(path, context -> reply(context, answer));
  }

  /** To be called last: the answers to other methods. */
  void close() {
    methods.forEach(
        (path, allowed) ->
            router
                .route(path)
                .handler(
                    context -> {
                      String list = allowed.stream().collect(Collectors.joining(", "));
                      context.response().putHeader("Allow", list);
                      throw Problem.methodNotAllowed(context.request().method().name(), list);
                    }));
  }

  private Set<String> known(String path) {
    return methods.computeIfAbsent(path, unused -> new TreeSet<>());
  }

  /** Goes on with a value that comes later; every failure becomes the answer. */
  static <T> void whenDone(RoutingContext context, Future<T> value, Consumer<T> next) {
    value
        .map(
            done -> {
              next.accept(done);
              return done;
            })
        .onFailure(context::fail);
  }

  private static void reply(RoutingContext context, Function<RoutingContext, Future<?>> answer) {
    whenDone(context, answer.apply(context), value -> JsonAnswer.send(context, value));
  }
}
