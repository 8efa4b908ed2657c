package io.wasmrunner.scheduler;

import io.wasmrunner.model.Payload;
import java.time.Instant;

/**
 * A message on its way into the store.
 *
 * @param id its identity
 * @param queue name of the queue
 * @param contentType media type of the body
 * @param body the message
 * @param publishedAt when it was accepted
 */
record NewMessage(String id, String queue, String contentType, Payload body, Instant publishedAt) {}
