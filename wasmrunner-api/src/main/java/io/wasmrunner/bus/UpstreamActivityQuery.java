package io.wasmrunner.bus;

import io.wasmrunner.model.RunnerId;

/**
 * Asks how busy a runner is.
 *
 * @param runner which runner
 * @param generation which generation of it
 */
public record UpstreamActivityQuery(RunnerId runner, long generation) implements BusMessage {}
