package io.wasmrunner.proxy.policy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Compares passwords with their hashes. Takes long on purpose: never on an event loop. */
final class Passwords {
  private static final BCrypt.Verifyer BCRYPT =
      BCrypt.verifyer(null, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));

  private Passwords() {}

  /** Whether the hash is of this password: bcrypt, or {@code $pbkdf2-sha256$i=N$salt$hash}. */
  static boolean match(String password, String hash) {
    if (!hash.startsWith("$pbkdf2-")) {
      return BCRYPT.verify(
              password.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.US_ASCII))
          .verified;
    }
    String[] parts = hash.split("\\$", -1); // "", pbkdf2-sha256, i=N, salt, hash
    byte[] expected = Base64.getDecoder().decode(parts[4]);
    try {
      byte[] found =
          SecretKeyFactory.getInstance(
                  parts[1].equals("pbkdf2-sha512")
                      ? "PBKDF2WithHmacSHA512"
                      : "PBKDF2WithHmacSHA256")
              .generateSecret(
                  new PBEKeySpec(
                      password.toCharArray(),
                      Base64.getDecoder().decode(parts[3]),
                      Integer.parseInt(parts[2].substring("i=".length())),
                      expected.length * 8))
              .getEncoded();
      return MessageDigest.isEqual(expected, found);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
