package io.wasmrunner.model;

/**
 * Where the value of a secret comes from; never the value.
 *
 * @param kind what kind of place
 * @param place name of the variable, or path of the file
 */
public record SecretSource(Kind kind, String place) {
  /** Kinds of places. */
  public enum Kind {
    /** An environment variable of wasmrunner. */
    ENVIRONMENT,
    /** A file. */
    FILE
  }
}
