package io.wasmrunner.bus;

import io.wasmrunner.model.LogLine;
import java.util.Optional;

/**
 * Asks for log lines of a service, newest last.
 *
 * @param service name of the service
 * @param runner only of this runner
 * @param level only of this level or worse
 * @param text only lines that hold this text, case ignored; empty for all
 * @param after only lines with a larger sequence; 0 for all
 * @param tail at most this many, the newest
 */
public record LogsQuery(
    String service,
    Optional<Integer> runner,
    Optional<LogLine.Level> level,
    String text,
    long after,
    int tail)
    implements BusMessage {}
