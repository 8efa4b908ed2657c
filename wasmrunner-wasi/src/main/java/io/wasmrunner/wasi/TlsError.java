package io.wasmrunner.wasi;

import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;
import org.jspecify.annotations.Nullable;

/** Error numbers of {@code rustls_client}, which are those of the rustls that WasmEdge had. */
enum TlsError {
  PARAMETER(-1),
  CORRUPT_MESSAGE(-4),
  DECRYPT(-8),
  PEER_INCOMPATIBLE(-10),
  PEER_MISBEHAVED(-11),
  ALERT_RECEIVED(-12),
  CERTIFICATE_ENCODING(-13),
  CERTIFICATE_SIGNATURE_TYPE(-14),
  CERTIFICATE_SIGNATURE(-15),

  /** Unknown authority, wrong name, expired, and whatever else makes a certificate not valid. */
  CERTIFICATE_DATA(-16),
  GENERAL(-18),
  WOULD_BLOCK(-25),
  IO(-26);

  private static final int MAX_CAUSES = 16;

  private final int code;

  TlsError(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** What went wrong, of a failure of the JVM's TLS. */
  static TlsError of(Exception failure) {
    List<Throwable> causes = causes(failure);
    TlsError certificate = certificate(causes);
    if (certificate != null) {
      return certificate;
    }
    String text = String.valueOf(failure.getMessage());
    if (text.contains("Received fatal alert")) {
      return ALERT_RECEIVED;
    }
    if (any(causes, BadPaddingException.class) || text.contains("bad_record_mac")) {
      return DECRYPT;
    }
    if (text.contains("unrecognized SSL message") || text.contains("plaintext connection")) {
      return CORRUPT_MESSAGE;
    }
    if (failure instanceof SSLProtocolException) {
      return PEER_MISBEHAVED;
    }
    return failure instanceof SSLHandshakeException ? PEER_INCOMPATIBLE : GENERAL;
  }

  private static @Nullable TlsError certificate(List<Throwable> causes) {
    boolean about =
        any(causes, CertificateException.class)
            || any(causes, CertPathValidatorException.class)
            || any(causes, CertPathBuilderException.class)
            || any(causes, SSLPeerUnverifiedException.class);
    if (!about) {
      return null;
    }
    if (any(causes, CertificateParsingException.class)
        || any(causes, CertificateEncodingException.class)) {
      return CERTIFICATE_ENCODING;
    }
    if (any(causes, SignatureException.class) || reason(causes, BasicReason.INVALID_SIGNATURE)) {
      return CERTIFICATE_SIGNATURE;
    }
    return reason(causes, BasicReason.ALGORITHM_CONSTRAINED)
        ? CERTIFICATE_SIGNATURE_TYPE
        : CERTIFICATE_DATA;
  }

  private static boolean any(List<Throwable> causes, Class<? extends Throwable> type) {
    return causes.stream().anyMatch(type::isInstance);
  }

  private static boolean reason(List<Throwable> causes, BasicReason reason) {
    return causes.stream()
        .anyMatch(
            cause ->
                cause instanceof CertPathValidatorException path && path.getReason() == reason);
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure;
        cause != null && causes.size() < MAX_CAUSES;
        cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }
}
