package io.wasmrunner.model;

/**
 * A subscription of a service to a queue.
 *
 * @param queue name of the queue
 * @param path path on the service that gets the messages by POST, with a leading slash
 */
public record ListenerDefinition(String queue, String path) {}
