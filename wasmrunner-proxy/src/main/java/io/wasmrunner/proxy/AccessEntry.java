package io.wasmrunner.proxy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the access log says of a request. Texts are as the client sent them, without secrets.
 *
 * @param at when it came
 * @param client address of the client; empty when unknown
 * @param method its method
 * @param target path and query, values of the query masked
 * @param protocol such as {@code HTTP/1.1}
 * @param status status of the answer, 499 when the client left before
 * @param bytes bytes of the answer's body
 * @param micros duration in microseconds
 * @param service the service, if it was for one
 * @param runner who answered, as {@code service/index}
 * @param code code of the problem if the answer is the proxy's own
 * @param requestId its id
 * @param traceId the trace it belongs to
 * @param referer where it came from, values of the query masked
 * @param userAgent what the client says it is
 */
record AccessEntry(
    Instant at,
    String client,
    String method,
    String target,
    String protocol,
    int status,
    long bytes,
    long micros,
    @Nullable String service,
    @Nullable String runner,
    @Nullable String code,
    String requestId,
    String traceId,
    @Nullable String referer,
    @Nullable String userAgent) {}
