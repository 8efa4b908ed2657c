package io.wasmrunner.bus;

import io.wasmrunner.model.RunnerId;

/**
 * The proxy could not use a runner.
 *
 * @param runner which runner
 * @param generation generation the proxy meant; a younger one is not concerned
 * @param reason one line
 */
public record UpstreamSuspected(RunnerId runner, long generation, String reason)
    implements BusMessage {}
