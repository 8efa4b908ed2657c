package io.wasmrunner.dashboard;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.eventbus.WireJson;

/** Answers with JSON. */
final class JsonAnswer {
  private JsonAnswer() {}

  static void send(RoutingContext context, Object value) {
    send(context, "application/json", value);
  }

  static void send(RoutingContext context, String mediaType, Object value) {
    sendWritten(context, mediaType, write(value));
  }

  static void sendWritten(RoutingContext context, String mediaType, Buffer json) {
    context
        .response()
        .putHeader("Content-Type", mediaType)
        .putHeader("Cache-Control", "no-store")
        .end(json);
  }

  static Buffer write(Object value) {
    return Buffer.buffer(WireJson.mapper().writeValueAsBytes(value));
  }
}
