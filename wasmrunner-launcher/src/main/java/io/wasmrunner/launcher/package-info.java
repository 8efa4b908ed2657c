/** Command line, configuration layers, plugin loading and wiring of the parts. */
@NullMarked
package io.wasmrunner.launcher;

import org.jspecify.annotations.NullMarked;
