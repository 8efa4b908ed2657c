/** Management API, server-rendered pages, live events and metrics. */
@NullMarked
package io.wasmrunner.dashboard;

import org.jspecify.annotations.NullMarked;
