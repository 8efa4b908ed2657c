package io.wasmrunner.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.ProblemType;
import java.util.Map;

/**
 * An answer of the proxy itself, as RFC 9457 problem details. It tells the caller what to do, and
 * nothing about the inside.
 *
 * @param problem what kind
 * @param detail what happened this time
 * @param fix what to do about it
 * @param more further members
 * @param headers further header fields
 */
record Refusal(
    Problem problem,
    String detail,
    String fix,
    Map<String, Object> more,
    Map<String, String> headers) {

  /** Member for seconds to wait, which also become the header Retry-After. */
  static final String RETRY_AFTER = "retry_after_seconds";

  /** With a further member. */
  Refusal with(String name, Object value) {
    return new Refusal(problem, detail, fix, Map.of(name, value), headers);
  }

  /** The body; {@code requestId} leads from the answer to logs. */
  Buffer json(String requestId) {
    JsonObject json =
        new JsonObject()
            .put("type", ProblemType.of(problem.code()))
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", detail)
            .put("code", problem.code())
            .put("fix", fix)
            .put("request_id", requestId);
    more.forEach(json::put);
    return json.toBuffer();
  }
}
