/** What plugins implement: health probes, load-balancing strategies and launchers. */
@NullMarked
package io.wasmrunner.spi;

import org.jspecify.annotations.NullMarked;
