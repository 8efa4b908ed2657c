package io.wasmrunner.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;

/** Tells services whose certificate a client has shown. */
final class ClientSubject {
  /** The subject, RFC 2253, what is not visible ASCII as backslash and two hexadecimal digits. */
  static final CharSequence FIELD = HttpHeaders.createOptimized("WR-Client-Subject");

  private ClientSubject() {}

  /** Adds the field if it is wanted and there is a certificate. */
  static void set(MultiMap out, HttpConnection connection, TlsFiles tls) {
    if (tls.clients().isEmpty() || !tls.clients().get().subjectHeader() || !connection.isSsl()) {
      return;
    }
    try {
      List<Certificate> chain = connection.peerCertificates();
      if (!chain.isEmpty() && chain.get(0) instanceof X509Certificate shown) {
        out.set(FIELD, visible(shown.getSubjectX500Principal().getName(X500Principal.RFC2253)));
      }
    } catch (SSLPeerUnverifiedException none) {
      // It was asked and had none.
    }
  }

  private static String visible(String name) {
    StringBuilder visible = new StringBuilder(name.length());
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      if (octet >= ' ' && octet < 0x7f) {
        visible.append((char) octet);
      } else {
        visible.append(String.format(Locale.ROOT, "\\%02X", octet & 0xff));
      }
    }
    return visible.toString();
  }
}
