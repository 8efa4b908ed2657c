package io.wasmrunner.bus;

/**
 * What comes of a {@link ServiceCommand}; it has begun, not ended.
 *
 * @param service name of the service
 * @param action what was asked for
 * @param detail one line for people
 */
public record ServiceReply(String service, ServiceCommand.Action action, String detail)
    implements BusMessage {}
