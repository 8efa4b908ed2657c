package io.wasmrunner.bus;

import io.wasmrunner.model.SystemEvent;
import java.util.Optional;

/**
 * Asks for events that are kept, newest first.
 *
 * @param atLeast only of this severity or worse
 * @param service only about this service
 * @param before only with a smaller sequence; {@link Long#MAX_VALUE} for all
 * @param limit at most this many, up to 1,000
 */
public record EventsQuery(
    SystemEvent.Severity atLeast, Optional<String> service, long before, int limit)
    implements BusMessage {}
