package io.wasmrunner.dashboard;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.wasmrunner.bus.RequestFailed;
import io.wasmrunner.bus.RequestFailedException;
import io.wasmrunner.model.WasmrunnerException;

/**
 * An answer that is an error, thrown by a handler and written by {@link ProblemWriter}.
 *
 * <p>What the runtime or the scheduler would refuse as well has their code (WR-2xxx, WR-4xxx):
 * callers see the same one, whoever notices first.
 */
final class Problem extends WasmrunnerException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String plain;

  Problem(int status, String code, String message, String advice) {
    this(status, code, message, advice, "");
  }

  private Problem(int status, String code, String message, String advice, String plain) {
    super(code, message, advice);
    this.status = status;
    this.plain = plain;
  }

  /** The same error with a text body for those who asked for no JSON, as older callers expect. */
  Problem plainly(String body) {
    return new Problem(status, code(), String.valueOf(getMessage()), advice(), body);
  }

  int status() {
    return status;
  }

  /** Name of the status. */
  String title() {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }

  /** Text body of older callers; empty when there is none. */
  String plain() {
    return plain;
  }

  static Problem unknownHost(String host) {
    return new Problem(
        421,
        "WR-5001",
        "this server does not answer for the host \"" + host + "\"",
        "Use http://127.0.0.1, http://localhost or the host given with --host.");
  }

  static Problem foreignOrigin(String why) {
    return new Problem(
        403,
        "WR-5002",
        "a page of another site must not change anything here: " + why,
        "Act from the dashboard itself, or without Origin and Sec-Fetch-Site headers as curl does.");
  }

  static Problem noSuchPath(String path) {
    return new Problem(
            404,
            "WR-5003",
            "nothing is at " + path,
            "See /__runner__/api/v1/openapi.json for what there is.")
        .plainly("not found");
  }

  static Problem methodNotAllowed(String method, String allowed) {
    return new Problem(
            405, "WR-5004", method + " is not possible here", "Use one of: " + allowed + ".")
        .plainly("method not allowed");
  }

  static Problem noSuchService(String name) {
    return new Problem(
            404,
            "WR-2041",
            "no service is named \"" + name + "\"",
            "See /__runner__/api/v1/services for the names.")
        .plainly("not found");
  }

  static Problem invalidIndex(String got) {
    return new Problem(
            400,
            "WR-5007",
            "a schedule index is a whole number from 0, got \"" + got + "\"",
            "See /__runner__/api/v1/schedules for the indexes.")
        .plainly("invalid schedule index");
  }

  static Problem invalidParameter(String name, String expected, String got) {
    return new Problem(
        400,
        "WR-5008",
        "parameter " + name + ": expected " + expected + ", got \"" + got + "\"",
        "Correct or leave out the parameter.");
  }

  static Problem noSuchQueue(String name) {
    return new Problem(
        404,
        "WR-4207",
        "no queue is named \"" + name + "\"",
        "A queue exists once a service listens to it or somebody has published to it; see"
            + " /__runner__/api/v1/queues.");
  }

  static Problem invalidQueueName() {
    return new Problem(
            400,
            "WR-4201",
            "the queue name is empty or holds control characters",
            "Publish to /__runner__/queues/{name}, the name percent-encoded.")
        .plainly("invalid queue name");
  }

  static Problem bodyTooLarge(int limit) {
    return new Problem(
        413,
        "WR-4203",
        "the body is larger than " + limit + " bytes",
        "Publish a smaller message, such as a reference to where the data is.");
  }

  static Problem bodyTooSlow(long seconds) {
    return new Problem(
        408,
        "WR-5012",
        "the body did not arrive within " + seconds + " s",
        "Send the whole body at once.");
  }

  static Problem tooManyBodies() {
    return new Problem(
        429, "WR-5013", "too many bodies are being received at once", "Try again a little later.");
  }

  static Problem tooManyStreams(int bound) {
    return new Problem(
        503,
        "WR-5014",
        "already " + bound + " clients listen to live events",
        "Close other dashboard windows, or read /__runner__/api/v1/events/history instead.");
  }

  static Problem tooManyReaders(int bound) {
    return new Problem(
        503,
        "WR-5020",
        "already " + bound + " clients read logs without an end",
        "Close other log pages and commands, or ask again with after= instead of follow.");
  }

  static Problem notLoaded(String what) {
    return new Problem(
        503,
        "WR-5015",
        what + " are not known yet",
        "Wait until the start has finished, then look for an earlier error in the log.");
  }

  static Problem malformedPath() {
    return new Problem(
        400,
        "WR-5016",
        "the path or the query holds a broken percent-encoding",
        "Encode special characters in UTF-8, each byte as a percent sign and two hexadecimal digits.");
  }

  static Problem internal() {
    return new Problem(500, "WR-5017", "internal error", "The log has the details.");
  }

  static Problem noContract(String service) {
    return new Problem(
            404,
            "WR-2042",
            "the service \"" + service + "\" has no openapi.json",
            "Put an openapi.json beside its config folder.")
        .plainly("openapi not found");
  }

  static Problem noStats(Throwable cause) {
    return new Problem(
            503,
            "WR-5019",
            "the counts of answers are not available: " + cause.getMessage(),
            "Wait until the start has finished, then look for an earlier error in the log.")
        .plainly("stats unavailable");
  }

  /** A failure that came over the bus. */
  static Problem of(RequestFailedException failed) {
    return new Problem(
        status(failed.reason()),
        failed.code(),
        String.valueOf(failed.getMessage()),
        failed.advice());
  }

  private static int status(RequestFailed.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> 404;
      case INVALID -> 400;
      case CONFLICT -> 409;
      case TOO_LARGE -> 413;
      case FULL -> 429;
      case UNAVAILABLE -> 503;
      case INTERNAL -> 500;
    };
  }
}
