/** The load-balancing strategies that come with wasmrunner; they know the SPI only. */
@NullMarked
package io.wasmrunner.proxy.balancing;

import org.jspecify.annotations.NullMarked;
