package io.wasmrunner.bus;

import io.wasmrunner.model.SystemEvent;

/**
 * Something happened.
 *
 * @param event what
 */
public record EventOccurred(SystemEvent event) implements BusMessage {}
