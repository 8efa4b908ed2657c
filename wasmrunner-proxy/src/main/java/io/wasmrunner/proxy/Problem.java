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
  UNAUTHENTICATED("WR-3501", 401, "The service asks who calls"),
  FORBIDDEN("WR-3502", 403, "The caller may not do this"),
  RATE_LIMITED("WR-3503", 429, "Too many requests"),
  BODY_TOO_LARGE("WR-3504", 413, "The body is too large for the service"),
  SERVICE_HEADERS_TOO_LARGE("WR-3505", 431, "The request header is too large for the service"),
  ORIGIN_REFUSED("WR-3506", 403, "Pages of this site may not do this"),
  CHECK_UNAVAILABLE("WR-3507", 503, "The request cannot be checked now"),
  CONTRACT_REQUEST("WR-3510", 400, "The request does not fit the contract"),
  CONTRACT_MEDIA_TYPE("WR-3511", 415, "The contract does not have this media type"),
  UNDOCUMENTED_PATH("WR-3512", 404, "The contract does not have this path"),
  UNDOCUMENTED_METHOD("WR-3513", 405, "The contract does not have this method"),
  CONTRACT_RESPONSE("WR-3514", 502, "The answer does not fit the contract"),
  BODY_UNCHECKED("WR-3515", 413, "The body is too large to be checked"),
  CONTRACT_UNUSABLE("WR-3516", 503, "The contract of the service cannot be used"),
  NO_HEALTHY_RUNNER("WR-3201", 503, "No healthy runner"),
  RUNNERS_BUSY("WR-3202", 503, "All runners are busy"),
  STARTING("WR-3203", 503, "wasmrunner is starting"),
  CIRCUIT_OPEN("WR-3211", 503, "The service fails too often"),
  QUEUE_FULL("WR-3212", 503, "Too many requests wait"),
  WAITED_TOO_LONG("WR-3213", 503, "The request waited too long"),
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
    return new Refusal(this, detail, fix, Map.of(), Map.of());
  }
}
