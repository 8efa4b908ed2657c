package io.wasmrunner.proxy.policy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request for a service, as policies see it.
 *
 * @param request the request
 * @param passed its header without what ends here because Connection names it
 * @param path path below the prefix, as it came
 * @param query query, as it came, without the question mark
 * @param clientAddress address of the client, empty when unknown
 * @param delivery whether it is from wasmrunner itself
 * @param hasBody whether a body follows the head
 * @param awaitsLeave whether the client waits for leave to send it
 */
public record PolicyRequest(
    HttpServerRequest request,
    MultiMap passed,
    String path,
    @Nullable String query,
    String clientAddress,
    boolean delivery,
    boolean hasBody,
    boolean awaitsLeave) {

  String method() {
    return request.method().name();
  }

  MultiMap headers() {
    return request.headers();
  }

  @Nullable String header(CharSequence name) {
    return request.headers().get(name);
  }
}
