package io.wasmrunner.model;

/** The member {@code type} of RFC 9457 problem details: one URN per error code. */
public final class ProblemType {
  private static final String PREFIX = "urn:wasmrunner:error:";

  private ProblemType() {}

  /** The type of the error with this code, {@code WR-nnnn}. */
  public static String of(String code) {
    return PREFIX + code;
  }
}
