package io.wasmrunner.proxy.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256. */
final class Digest {
  private static final MessageDigest FRESH = fresh();

  private Digest() {}

  static byte[] sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] sha256(byte[] octets) {
    try {
      // To copy one costs less than to look one up.
      return ((MessageDigest) FRESH.clone()).digest(octets);
    } catch (CloneNotSupportedException e) {
      return fresh().digest(octets);
    }
  }

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }
}
