package io.wasmrunner.proxy.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A method of a path, as the contract describes it.
 *
 * @param method the method
 * @param template path with names of parameters in braces
 * @param parameters all parameters
 * @param body what the request carries
 * @param responses answers by {@code 200}, {@code 2XX} or {@code default}
 */
record Operation(
    String method,
    String template,
    List<Parameter> parameters,
    Content body,
    Map<String, Response> responses) {

  /**
   * An answer.
   *
   * @param headers header fields with rules
   * @param content what it carries
   */
  record Response(List<Parameter> headers, Content content) {}

  /** The answer with a status, if there is such. */
  @Nullable Response response(int status) {
    Response exact = responses.get(String.valueOf(status));
    if (exact != null) {
      return exact;
    }
    Response kind = responses.get(status / 100 + "XX");
    return kind != null ? kind : responses.get("default");
  }
}
