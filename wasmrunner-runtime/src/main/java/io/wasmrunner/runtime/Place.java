package io.wasmrunner.runtime;

/**
 * A place in a file.
 *
 * @param line line from 1; 0 for the whole file
 * @param column column from 1; 0 for the whole file
 */
record Place(int line, int column) {
  /** The whole file. */
  static final Place WHOLE_FILE = new Place(0, 0);
}
