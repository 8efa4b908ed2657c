package io.wasmrunner.bus;

/**
 * The message is on disk.
 *
 * @param messageId its identity
 * @param queue its queue
 * @param subscribers deliveries made for it
 * @param messageCount messages accepted by this queue so far
 */
public record PublishReply(String messageId, String queue, int subscribers, long messageCount)
    implements BusMessage {}
