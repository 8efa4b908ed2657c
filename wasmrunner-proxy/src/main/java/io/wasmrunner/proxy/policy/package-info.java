/**
 * What a service asks of requests and does to answers: limits, logins, contracts. Knows nothing of
 * how requests are routed and forwarded.
 */
@NullMarked
package io.wasmrunner.proxy.policy;

import org.jspecify.annotations.NullMarked;
