package io.wasmrunner.runtime;

/**
 * Where a service lives, whatever its version.
 *
 * @param options settings of the runtime
 * @param actor where its state changes
 * @param log takes the output of its runners
 * @param events told what happens to it
 * @param requests how busy its runners are
 * @param changed called when the state of a runner has changed
 * @param metered called when only figures have changed
 */
record Surroundings(
    RuntimeOptions options,
    Actor actor,
    ServiceLog log,
    ServiceEvents events,
    RequestsUnderWay requests,
    Runnable changed,
    Runnable metered) {}
