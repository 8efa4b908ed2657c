package io.wasmrunner.bus;

import io.wasmrunner.model.Payload;

/**
 * Puts a message into a queue.
 *
 * @param queue name of the queue
 * @param contentType media type of the body
 * @param body the message
 */
public record PublishCommand(String queue, String contentType, Payload body)
    implements BusMessage {}
