package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.PublishCommand;
import io.wasmrunner.bus.PublishReply;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.Payload;

/** Takes messages for queues; answers once the message is durable. */
final class PublishEndpoint {
  private static final String ROOT = Paths.ROOT + "/queues/";

  private final Bus bus;
  private final BodyReader bodies;

  PublishEndpoint(Bus bus, BodyReader bodies) {
    this.bus = bus;
    this.bodies = bodies;
  }

  void mount(Endpoints endpoints) {
    endpoints.post(ROOT + "*", this::publish);
  }

  /** What the publisher gets; the first three as ever. */
  record Accepted(String queue, int subscribers, long messageCount, String id) {}

  private void publish(RoutingContext context) {
    String queue = QueuePath.name(context.normalizedPath().substring(ROOT.length()));
    String given = context.request().getHeader("Content-Type");
    String contentType = given == null || given.isBlank() ? "application/json" : given.strip();
    Future<PublishReply> durable =
        bodies.read(
            context.request(),
            body ->
                bus.request(
                    BusAddress.QUEUES_PUBLISH,
                    new PublishCommand(queue, contentType, Payload.of(body.getBytes())),
                    PublishReply.class));
    Endpoints.whenDone(
        context,
        durable,
        reply -> {
          context.response().setStatusCode(202);
          JsonAnswer.send(
              context,
              new Accepted(
                  reply.queue(), reply.subscribers(), reply.messageCount(), reply.messageId()));
        });
  }
}
