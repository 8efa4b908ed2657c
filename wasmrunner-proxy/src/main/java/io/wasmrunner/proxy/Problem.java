package io.wasmrunner.proxy;

import java.util.Map;

/** Why the proxy answers by itself. Codes are stable and listed in docs/errors.md. */
enum Problem {
  UNKNOWN_PREFIX("WR-3101", 404, "No service has this prefix"),
  BAD_PATH("WR-3102", 400, "The path cannot be served"),
  MALFORMED_REQUEST("WR-3103", 400, "The request is not valid HTTP"),
  LINE_TOO_LONG("WR-3104", 414, "The request line is too long"),
  HEADERS_TOO_LARGE("WR-3105", 431, "The request header is too large"),
  TRANSFER_CODING("WR-3106", 501, "The transfer coding is not supported"),
  NO_INNER_TOKEN("WR-3107", 403, "This listener is for wasmrunner itself"),
  METHOD_NOT_SUPPORTED("WR-3108", 501, "The method is not supported"),
  VERSION_NOT_SUPPORTED("WR-3109", 505, "The HTTP version is not supported"),
  TOO_MANY_CONNECTIONS("WR-3110", 503, "Too many connections"),
  NO_HEALTHY_RUNNER("WR-3201", 503, "No healthy runner"),
  RUNNERS_BUSY("WR-3202", 503, "All runners are busy"),
  STARTING("WR-3203", 503, "wasmrunner is starting"),
  REFUSED("WR-3301", 502, "The service refused the connection"),
  RESET("WR-3302", 502, "The service closed the connection without an answer"),
  INVALID_ANSWER("WR-3303", 502, "The service gave an invalid answer"),
  CONNECT_TIMEOUT("WR-3304", 504, "The service did not take the connection in time"),
  FIRST_BYTE_TIMEOUT("WR-3305", 504, "The service did not answer in time"),
  TOTAL_TIMEOUT("WR-3306", 504, "The request took too long"),
  CLIENT_TIMEOUT("WR-3307", 408, "The request body did not arrive in time"),
  INTERNAL("WR-3308", 500, "wasmrunner failed");

  private final String code;
  private final int status;
  private final String title;

  Problem(String code, int status, String title) {
    this.code = code;
    this.status = status;
    this.title = title;
  }

  String code() {
    return code;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** This problem as it happened. */
  Refusal because(String detail, String fix) {
    return new Refusal(this, detail, fix, Map.of());
  }
}
