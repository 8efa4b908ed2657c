package io.wasmrunner.bus;

import io.wasmrunner.model.DeliveryStatus;
import java.util.Optional;

/**
 * Asks for deliveries of a queue, newest first.
 *
 * @param queue name of the queue
 * @param state only in this state
 * @param limit at most this many, up to 1,000
 */
public record DeliveriesQuery(String queue, Optional<DeliveryStatus.State> state, int limit)
    implements BusMessage {}
