package io.wasmrunner.proxy.policy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a token was signed by one of the issuer's keys. The key has to fit the algorithm, which
 * is one that the configuration names: what the token itself says opens no other way.
 */
final class TokenCheck {
  /** Keys tried for a token that names none. */
  private static final int MOST_TRIES = 10;

  private TokenCheck() {}

  /** Whether the set has keys that can have signed it. */
  static boolean hasKeyFor(JWSHeader header, JWKSet keys) {
    return !candidates(header, keys).isEmpty();
  }

  /** Whether the signature is good. Takes too long for an event loop. */
  static boolean isSigned(SignedJWT token, JWKSet keys) {
    for (JWK key : candidates(token.getHeader(), keys)) {
      try {
        Optional<JWSVerifier> verifier = verifier(key);
        if (verifier.isPresent() && token.verify(verifier.get())) {
          return true;
        }
      } catch (JOSEException notThisOne) {
        // A key of another size or curve.
      }
    }
    return false;
  }

  private static List<JWK> candidates(JWSHeader header, JWKSet keys) {
    String wanted = header.getKeyID();
    return keys.getKeys().stream()
        .filter(key -> wanted == null || wanted.equals(key.getKeyID()))
        .filter(key -> fits(key, header.getAlgorithm()))
        .limit(MOST_TRIES)
        .toList();
  }

  private static boolean fits(JWK key, JWSAlgorithm algorithm) {
    boolean family =
        JWSAlgorithm.Family.RSA.contains(algorithm)
            ? key instanceof RSAKey
            : JWSAlgorithm.Family.EC.contains(algorithm) && key instanceof ECKey;
    @Nullable KeyUse use = key.getKeyUse();
    return family
        && (use == null || use.equals(KeyUse.SIGNATURE))
        && (key.getAlgorithm() == null || key.getAlgorithm().getName().equals(algorithm.getName()));
  }

  private static Optional<JWSVerifier> verifier(JWK key) throws JOSEException {
    if (key instanceof RSAKey rsa) {
      return Optional.of(new RSASSAVerifier(rsa.toRSAPublicKey()));
    }
    return key instanceof ECKey ec
        ? Optional.of(new ECDSAVerifier(ec.toECPublicKey()))
        : Optional.empty();
  }
}
