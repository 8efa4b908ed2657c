package io.wasmrunner.bus;

/**
 * How busy a runner is.
 *
 * @param requests requests under way on it; 0 for one that is not in the route table
 */
public record UpstreamActivity(int requests) implements BusMessage {}
