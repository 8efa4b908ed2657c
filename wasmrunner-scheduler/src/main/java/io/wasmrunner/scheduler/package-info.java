/** Everything that happens later: schedules and queues over one durable delivery engine. */
@NullMarked
package io.wasmrunner.scheduler;

import org.jspecify.annotations.NullMarked;
