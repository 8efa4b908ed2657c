/** Messages of the event bus and their addresses. */
@NullMarked
package io.wasmrunner.bus;

import org.jspecify.annotations.NullMarked;
