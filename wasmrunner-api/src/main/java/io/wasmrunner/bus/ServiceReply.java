package io.wasmrunner.bus;

/**
 * What a {@link ServiceCommand} set going.
 *
 * @param detail for people
 */
public record ServiceReply(String detail) implements BusMessage {}
