package io.wasmrunner.bus;

/**
 * How busy a runner is.
 *
 * @param requests requests under way on it, also after it has left the route table
 */
public record UpstreamActivity(int requests) implements BusMessage {}
