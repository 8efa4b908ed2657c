package io.wasmrunner.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The secret that opens the inner listener; made anew with each start. */
final class InnerToken {
  private static final int BYTES = 32;

  private final String text;
  private final byte[] bytes;

  private InnerToken(String text) {
    this.text = text;
    this.bytes = text.getBytes(StandardCharsets.US_ASCII);
  }

  static InnerToken random() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return new InnerToken(Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** Whether this is the token; takes the same time for every wrong one of its length. */
  boolean matches(@Nullable String given) {
    return given != null
        && MessageDigest.isEqual(bytes, given.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The token itself, for those who may know it. */
  String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "InnerToken[masked]";
  }
}
