package io.wasmrunner.launcher;

import java.util.function.Function;

/**
 * One question that the doctor asks.
 *
 * @param id stable name: subject, dot, question
 * @param look finds the answer; starts and writes nothing that stays
 */
record Check(String id, Function<Patient, Finding> look) {}
