/** Finds services, checks them, and keeps their runners running. */
@NullMarked
package io.wasmrunner.runtime;

import org.jspecify.annotations.NullMarked;
