/** The event bus with types: one codec, requests whose failures arrive, events. */
@NullMarked
package io.wasmrunner.eventbus;

import org.jspecify.annotations.NullMarked;
