package io.wasmrunner.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the entry point can speak TLS for as long as it should. */
final class TlsChecks {
  private static final Duration SOON = Duration.ofDays(30);

  private TlsChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("tls.files", TlsChecks::files),
        new Check("tls.expiry", TlsChecks::expiry),
        new Check("tls.key_permissions", TlsChecks::keyPermissions));
  }

  private static Optional<Path> file(Patient patient, Setting setting) {
    return patient
        .configuration()
        .filter(each -> !each.text(setting).isBlank())
        .map(each -> each.path(setting));
  }

  private static Finding files(Patient patient) {
    Optional<Path> certificate = file(patient, Setting.TLS_CERTIFICATE);
    Optional<Path> key = file(patient, Setting.TLS_KEY);
    if (certificate.isEmpty() && key.isEmpty()) {
      return Finding.skipped("tls.files", "unset");
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      return Finding.error("tls.files", "half");
    }
    try {
      certificate(certificate.get());
      if (!Files.readString(key.get()).contains("PRIVATE KEY-----")) {
        return Finding.error("tls.files", "no_key", key.get());
      }
      return Finding.ok("tls.files");
    } catch (IOException | CertificateException e) {
      return Finding.error("tls.files", "unreadable", e);
    }
  }

  private static Finding expiry(Patient patient) {
    Optional<Path> file = file(patient, Setting.TLS_CERTIFICATE);
    if (file.isEmpty()) {
      return Finding.skipped("tls.expiry", "unset");
    }
    try {
      X509Certificate certificate = certificate(file.get());
      Instant now = patient.clock().instant();
      Instant end = certificate.getNotAfter().toInstant();
      if (now.isAfter(end)) {
        return Finding.error("tls.expiry", "expired", end);
      }
      if (now.isBefore(certificate.getNotBefore().toInstant())) {
        return Finding.error("tls.expiry", "early", certificate.getNotBefore().toInstant());
      }
      return now.plus(SOON).isAfter(end)
          ? Finding.warning("tls.expiry", "soon", end)
          : Finding.ok("tls.expiry", end);
    } catch (IOException | CertificateException e) {
      return Finding.skipped("tls.expiry", "unreadable");
    }
  }

  private static Finding keyPermissions(Patient patient) {
    Optional<Path> key = file(patient, Setting.TLS_KEY).filter(Files::isRegularFile);
    if (key.isEmpty()) {
      return Finding.skipped("tls.key_permissions", "unset");
    }
    try {
      Set<PosixFilePermission> granted = Files.getPosixFilePermissions(key.get());
      return granted.contains(PosixFilePermission.OTHERS_READ)
          ? Finding.warning("tls.key_permissions", "open", key.get())
          : Finding.ok("tls.key_permissions");
    } catch (IOException | UnsupportedOperationException e) {
      return Finding.skipped("tls.key_permissions", "unset");
    }
  }

  private static X509Certificate certificate(Path file) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      Iterator<?> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).iterator();
      if (found.hasNext() && found.next() instanceof X509Certificate first) {
        return first;
      }
      throw new CertificateException("there is no certificate in " + file);
    }
  }
}
