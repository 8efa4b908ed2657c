package io.wasmrunner.proxy;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the entry point proves its name with.
 *
 * @param certificates PEM file with the certificate, then those that lead to a trusted one
 * @param key PEM file with its private key, PKCS #8 or PKCS #1, not encrypted
 * @param clients how clients prove theirs, if they are asked to
 */
public record TlsFiles(Path certificates, Path key, Optional<ClientCertificates> clients) {
  /** Without asking clients. */
  public TlsFiles(Path certificates, Path key) {
    this(certificates, key, Optional.empty());
  }

  /** The same, asking clients. */
  public TlsFiles with(ClientCertificates other) {
    return new TlsFiles(certificates, key, Optional.of(other));
  }
}
