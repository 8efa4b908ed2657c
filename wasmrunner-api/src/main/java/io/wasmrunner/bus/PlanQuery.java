package io.wasmrunner.bus;

/** Asks what a {@link ReloadCommand} would change. */
public record PlanQuery() implements BusMessage {}
