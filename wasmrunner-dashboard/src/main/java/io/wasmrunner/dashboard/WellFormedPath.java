package io.wasmrunner.dashboard;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Refuses paths that the router cannot read, before it logs them as a fault of ours. */
final class WellFormedPath implements Handler<HttpServerRequest> {
  private final Handler<HttpServerRequest> next;

  WellFormedPath(Handler<HttpServerRequest> next) {
    this.next = next;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (isWellFormed(request.path())) {
      next.handle(request);
    } else {
      Problem problem = Problem.malformedPath();
      request
          .response()
          .setStatusCode(problem.status())
          .putHeader("Content-Type", ProblemWriter.MEDIA_TYPE)
          .putHeader("X-Content-Type-Options", "nosniff")
          .end(JsonAnswer.write(ProblemWriter.Body.of(problem)));
    }
  }

  private static boolean isWellFormed(@Nullable String path) {
    if (path == null || !path.startsWith("/")) {
      return false;
    }
    try {
      Paths.decode(path);
      return true;
    } catch (Problem malformed) {
      return false;
    }
  }
}
