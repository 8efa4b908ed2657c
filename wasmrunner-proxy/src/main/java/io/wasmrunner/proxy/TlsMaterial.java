package io.wasmrunner.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What is in the files for TLS, read at once, so that what was checked is what is used.
 *
 * @param files where it comes from
 * @param certificates the certificate and its chain
 * @param key its private key
 * @param authorities those whose certificates clients may show
 */
record TlsMaterial(TlsFiles files, Buffer certificates, Buffer key, Optional<Buffer> authorities) {
  private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");
  private static final long MOST_BYTES = 1 << 20;

  /** Reads the files. Blocks. */
  static TlsMaterial read(TlsFiles files) throws IOException {
    Optional<Path> authorities = files.clients().map(ClientCertificates::authorities);
    return new TlsMaterial(
        files,
        content(files.certificates()),
        content(files.key()),
        authorities.isPresent() ? Optional.of(content(authorities.get())) : Optional.empty());
  }

  private static Buffer content(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new FileSystemException(file.toString(), null, "larger than 1 MiB");
    }
    return Buffer.buffer(Files.readAllBytes(file));
  }

  /**
   * Checks that certificate and key belong together. Blocks.
   *
   * @return when the certificate ends
   * @throws GeneralSecurityException when they do not, or are none
   */
  Instant check(Vertx vertx, Instant now) throws GeneralSecurityException {
    if (chain(certificates).iterator().next() instanceof X509Certificate own) {
      own.checkValidity(Date.from(now));
      PrivateKey secret = privateKey(vertx, own.getPublicKey());
      if (!belongTogether(own.getPublicKey(), secret)) {
        throw new KeyException("the key is not that of the certificate");
      }
      if (authorities.isPresent()) {
        chain(authorities.get());
      }
      return own.getNotAfter().toInstant();
    }
    throw new CertificateException("no X.509 certificate");
  }

  private static Collection<? extends Certificate> chain(Buffer pem) throws CertificateException {
    Collection<? extends Certificate> chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes()));
    if (chain.isEmpty()) {
      throw new CertificateException("no certificate in the file");
    }
    return chain;
  }

  private PrivateKey privateKey(Vertx vertx, PublicKey known) throws GeneralSecurityException {
    KeyManager[] managers;
    try {
      managers = keyCert().getKeyManagerFactory(vertx).getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw e;
    } catch (Exception e) {
      throw new KeyException("no private key: " + e.getMessage(), e);
    }
    for (KeyManager manager : managers) {
      if (manager instanceof X509KeyManager keys) {
        String alias = keys.chooseServerAlias(known.getAlgorithm(), null, null);
        PrivateKey secret = alias == null ? null : keys.getPrivateKey(alias);
        if (secret != null) {
          return secret;
        }
      }
    }
    throw new KeyException("the key is of another kind than the certificate");
  }

  private static boolean belongTogether(PublicKey known, PrivateKey secret)
      throws GeneralSecurityException {
    String algorithm = signature(known.getAlgorithm());
    if (algorithm == null) {
      return true; // Nothing to tell by.
    }
    byte[] sample = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(secret);
    signing.update(sample);
    byte[] signed = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(known);
    verifying.update(sample);
    return verifying.verify(signed);
  }

  private static @Nullable String signature(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
      default -> null;
    };
  }

  /** How a server uses it: TLS 1.2 and 1.3. */
  ServerSSLOptions options() {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setEnabledSecureTransportProtocols(VERSIONS);
    options.setKeyCertOptions(keyCert());
    if (authorities.isPresent()) {
      options.setTrustOptions(new PemTrustOptions().addCertValue(authorities.get()));
    }
    return options.setClientAuth(clientAuth());
  }

  ClientAuth clientAuth() {
    return files
        .clients()
        .map(clients -> clients.required() ? ClientAuth.REQUIRED : ClientAuth.REQUEST)
        .orElse(ClientAuth.NONE);
  }

  private PemKeyCertOptions keyCert() {
    return new PemKeyCertOptions().addCertValue(certificates).addKeyValue(key);
  }
}
