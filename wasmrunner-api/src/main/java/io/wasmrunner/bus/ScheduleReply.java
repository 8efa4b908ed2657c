package io.wasmrunner.bus;

import io.wasmrunner.model.ScheduleStatus;

/**
 * A schedule after a command, or after something happened to it.
 *
 * @param schedule its state
 */
public record ScheduleReply(ScheduleStatus schedule) implements BusMessage {}
