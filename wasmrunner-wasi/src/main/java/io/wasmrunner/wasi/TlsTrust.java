package io.wasmrunner.wasi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authorities that guests trust who leave TLS to the host ({@code rustls_client}).
 * Guests that carry TLS themselves bring their own. May be shared by guests: thread-safe.
 */
public final class TlsTrust {
  static final String AUTHORITIES_UNREADABLE = "WR-6020";

  private static final int MAX_FILE_BYTES = 1 << 20;

  /** For one guest: nothing of a session is shared with others. */
  private static final int MAX_SESSIONS = 64;

  private static final TlsTrust JVM = new TlsTrust(List.of());

  private final List<Certificate> added;
  private TrustManager @Nullable [] managers;

  private TlsTrust(Collection<? extends Certificate> added) {
    this.added = List.copyOf(added);
  }

  /** The JVM's authorities ({@code javax.net.ssl.trustStore}, else its own {@code cacerts}). */
  public static TlsTrust jvm() {
    return JVM;
  }

  /**
   * The JVM's authorities, and those of a file.
   *
   * @param file one or more certificates, PEM, at most 1 MiB; read now and never again
   * @throws ModuleException when there is no certificate to be read in it
   */
  public static TlsTrust withAuthorities(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw unreadable(file, "it is larger than 1 MiB", null);
      }
      byte[] content = Files.readAllBytes(file);
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content));
      if (found.isEmpty()) {
        throw unreadable(file, "there is no certificate in it", null);
      }
      return new TlsTrust(found);
    } catch (IOException | CertificateException e) {
      throw unreadable(file, e.toString(), e);
    }
  }

  private static ModuleException unreadable(Path file, String why, @Nullable Exception cause) {
    return new ModuleException(
        AUTHORITIES_UNREADABLE,
        "The certificate authorities in " + file + " cannot be read: " + why + ".",
        "Give a PEM file with one or more certificates (-----BEGIN CERTIFICATE-----).",
        cause);
  }

  /** A context for one guest. */
  SSLContext context() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers(), null);
    context.getClientSessionContext().setSessionCacheSize(MAX_SESSIONS);
    return context;
  }

  private synchronized TrustManager[] managers() throws GeneralSecurityException {
    TrustManager[] made = managers;
    if (made == null) {
      made = managers(null);
      if (!added.isEmpty()) {
        made = managers(all(made));
      }
      managers = made;
    }
    return made;
  }

  private KeyStore all(TrustManager[] jvm) throws GeneralSecurityException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try {
      all.load(null, null);
    } catch (IOException e) {
      throw new KeyStoreFailure(e);
    }
    int number = 0;
    for (TrustManager manager : jvm) {
      if (manager instanceof X509TrustManager known) {
        for (Certificate authority : Arrays.asList(known.getAcceptedIssuers())) {
          all.setCertificateEntry("jvm-" + number++, authority);
        }
      }
    }
    for (Certificate authority : added) {
      all.setCertificateEntry("added-" + number++, authority);
    }
    return all;
  }

  @SuppressWarnings("NullAway") // a null store is the documented way to ask for the JVM's own
  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static final class KeyStoreFailure extends GeneralSecurityException {
    KeyStoreFailure(IOException cause) {
      super("An empty key store could not be made", cause);
    }
  }
}
