/** The entry point: route table, load balancing and forwarding. */
@NullMarked
package io.wasmrunner.proxy;

import org.jspecify.annotations.NullMarked;
