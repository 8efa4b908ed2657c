package io.wasmrunner.wasi;

/**
 * A part of a module that no engine needs to run it: names, debug information, machine code of
 * another engine. It is read and hashed with the file, and left out of everything after that.
 *
 * @param name its name; unprintable characters are replaced
 * @param bytes its size with name and header
 */
public record CustomSection(String name, long bytes) {}
