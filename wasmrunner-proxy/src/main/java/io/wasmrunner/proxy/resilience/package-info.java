/**
 * What to do about runners that fail or are slow, as arithmetic on counts and times: it knows
 * neither HTTP nor event loops. Times are nanoseconds of the proxy's ticker. Thread-safe unless
 * said otherwise.
 */
@NullMarked
package io.wasmrunner.proxy.resilience;

import org.jspecify.annotations.NullMarked;
