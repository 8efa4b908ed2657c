package io.wasmrunner.model;

/**
 * One decision about a request.
 *
 * @param topic what was decided: {@code route}, {@code policy}, {@code runner}, {@code retry},
 *     {@code limit}
 * @param detail how and why, without secrets
 */
public record Decision(String topic, String detail) {}
