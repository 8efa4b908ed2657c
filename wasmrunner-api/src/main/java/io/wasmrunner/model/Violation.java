package io.wasmrunner.model;

/**
 * One thing that is wrong with a file of a service.
 *
 * @param code stable code, {@code WR-nnnn}
 * @param file file, relative to the services folder
 * @param line line from 1; 0 when the whole file is meant
 * @param column column from 1; 0 when the whole file is meant
 * @param pointer JSON pointer of the value, empty for the whole document
 * @param expected what would be right
 * @param got what was found
 * @param fix how to fix it
 */
public record Violation(
    String code,
    String file,
    int line,
    int column,
    String pointer,
    String expected,
    String got,
    String fix) {
  /** One line for terminals: place, expected, got, fix. */
  public String describe() {
    String place = line > 0 ? file + ":" + line + ":" + column : file;
    String at = pointer.isEmpty() ? "" : " " + pointer;
    return code + " " + place + at + ": expected " + expected + ", got " + got + ". Fix: " + fix;
  }
}
