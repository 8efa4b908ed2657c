/** Immutable records that describe services, runners, schedules, queues and requests. */
@NullMarked
package io.wasmrunner.model;

import org.jspecify.annotations.NullMarked;
