package io.wasmrunner.wasi;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a test's own, and servers that it vouches for. */
final class TestingCertificates {
  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final char[] PASSWORD = "test".toCharArray();

  private final KeyPair keys = keys();
  private final X500Name name = new X500Name("CN=Testing Authority " + SERIAL.getAndIncrement());
  private final X509Certificate authority =
      sign(name, keys, Instant.now().plus(Duration.ofDays(1)), null);

  /** The authority's certificate. */
  String pem() {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(authority);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  Path pemFile(Path folder) {
    try {
      return Files.writeString(Files.createTempFile(folder, "authority", ".pem"), pem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server of these names: a host name, or an address when it begins with a figure. */
  SSLContext server(String... names) {
    return server(Instant.now().plus(Duration.ofDays(1)), names);
  }

  SSLContext expiredServer(String... names) {
    return server(Instant.now().minus(Duration.ofHours(1)), names);
  }

  private SSLContext server(Instant until, String... names) {
    try {
      KeyPair own = keys();
      GeneralName[] alternatives = new GeneralName[names.length];
      for (int i = 0; i < names.length; i++) {
        boolean figure = Character.isDigit(names[i].charAt(0));
        alternatives[i] =
            new GeneralName(figure ? GeneralName.iPAddress : GeneralName.dNSName, names[i]);
      }
      X509Certificate certificate =
          sign(new X500Name("CN=server"), own, until, new GeneralNames(alternatives));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server", own.getPrivate(), PASSWORD, new X509Certificate[] {certificate, authority});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Signed by the authority; without alternative names it is the authority itself. */
  private X509Certificate sign(
      X500Name subject, KeyPair subjectKeys, Instant until, GeneralNames alternatives) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(Instant.now().minus(Duration.ofDays(2))),
              Date.from(until),
              subject,
              subjectKeys.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(alternatives == null));
      if (alternatives != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, alternatives);
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }
}
