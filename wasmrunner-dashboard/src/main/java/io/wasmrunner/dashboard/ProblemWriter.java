package io.wasmrunner.dashboard;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.ProblemType;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers failed requests: a page for browsers on pages, the old texts, else problem+json. */
final class ProblemWriter implements Handler<RoutingContext> {
  static final String MEDIA_TYPE = "application/problem+json";

  private static final Logger LOG = LoggerFactory.getLogger(ProblemWriter.class);

  private final ErrorPage errorPage;

  ProblemWriter(ErrorPage errorPage) {
    this.errorPage = errorPage;
  }

  /** Renders an error for people. */
  interface ErrorPage {
    /** Answers with a page. */
    void send(RoutingContext context, Problem problem);
  }

  @Override
  public void handle(RoutingContext context) {
    write(context, problem(context));
  }

  /** Answers with this problem. */
  void write(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response.setStatusCode(problem.status()).putHeader("Cache-Control", "no-store");
    if (problem.status() == 429 || problem.status() == 503) {
      response.putHeader("Retry-After", "1");
    }
    if (problem.status() == 408 || problem.status() == 413) {
      response.putHeader("Connection", "close");
    }
    String accept = String.valueOf(context.request().getHeader("Accept")).toLowerCase(Locale.ROOT);
    if (Paths.isPage(context) && accept.contains("text/html")) {
      errorPage.send(context, problem);
    } else if (!problem.plain().isEmpty() && !Paths.isApi(context) && !accept.contains("json")) {
      response.putHeader("Content-Type", "text/plain; charset=utf-8").end(problem.plain());
    } else {
      json(context, problem);
    }
  }

  /** Answers with problem details. */
  static void json(RoutingContext context, Problem problem) {
    JsonAnswer.send(context, MEDIA_TYPE, Body.of(problem));
  }

  /** RFC 9457, with our code and how to fix it. */
  record Body(String type, String title, int status, String detail, String code, String fix) {
    static Body of(Problem problem) {
      return new Body(
          ProblemType.of(problem.code()),
          problem.title(),
          problem.status(),
          String.valueOf(problem.getMessage()),
          problem.code(),
          problem.advice());
    }
  }

  private static Problem problem(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof Problem problem) {
      return problem;
    }
    if (failure instanceof RequestFailedException failed) {
      return Problem.of(failed);
    }
    if (failure == null && context.statusCode() == 404) {
      return Problem.noSuchPath(context.normalizedPath());
    }
    if (context.statusCode() == 400 || failure instanceof IllegalArgumentException) {
      return Problem.malformedPath();
    }
    LOG.error("{} {} failed", context.request().method(), context.request().path(), failure);
    return Problem.internal();
  }
}
