package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change while the entry point runs, and those of clients. */
final class TlsReloadTest {
  @TempDir private Path folder;

  private static SSLSocket open(TestingProxy proxy, SSLContext context, String... versions)
      throws Exception {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(proxy.address().getAddress(), proxy.address().getPort());
    socket.setSoTimeout(60_000);
    if (versions.length > 0) {
      socket.setEnabledProtocols(versions);
    }
    socket.startHandshake();
    return socket;
  }

  private static String subject(Socket socket) throws Exception {
    return ((X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }

  private static String ask(Socket socket, String path) throws Exception {
    return new RawConnection(socket)
        .sendHead("GET " + path + " HTTP/1.1", "Host: localhost")
        .read()
        .text();
  }

  private static void awaitSubject(TestingProxy proxy, TestingCertificate trusted, String name) {
    await()
        .ignoreExceptionsInstanceOf(SSLException.class)
        .until(
            () -> {
              try (SSLSocket socket = open(proxy, trusted.trusted())) {
                return subject(socket).equals(name);
              }
            });
  }

  @Test
  void aNewCertificateIsUsedAndABadOneIsNot() throws Exception {
    TestingCertificate first = TestingCertificate.make(folder, "first");
    TestingCertificate second = TestingCertificate.make(folder, "second");
    TlsFiles files = first.writeTo(folder);
    byte[] firstKey = Files.readAllBytes(files.key());
    try (TestingProxy proxy = TestingProxy.start(options -> options.withTls(files));
        SSLSocket before = open(proxy, first.trusted())) {
      proxy.runner("echo", request -> request.response().end("echo"));
      assertThat(ask(before, "/echo")).isEqualTo("echo");

      second.writeTo(folder);

      awaitSubject(proxy, second, "CN=second");
      assertThat(ask(before, "/echo")).isEqualTo("echo");
      await()
          .untilAsserted(
              () ->
                  assertThat(proxy.runtime().events())
                      .anyMatch(e -> e.kind().equals("tls.reloaded")));

      // The key of another certificate.
      Files.write(files.key(), firstKey);

      await()
          .untilAsserted(
              () ->
                  assertThat(proxy.runtime().events())
                      .anyMatch(
                          e ->
                              e.kind().equals("tls.refused")
                                  && e.message().startsWith("WR-3004")
                                  && e.message().contains("the old one stays in use")));
      try (SSLSocket after = open(proxy, second.trusted())) {
        assertThat(ask(after, "/echo")).isEqualTo("echo");
      }
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsNoStart() throws Exception {
    TlsFiles files = TestingCertificate.make(folder, "one").writeTo(folder);
    byte[] key = Files.readAllBytes(files.key());
    TestingCertificate.make(folder, "two").writeTo(folder);
    Files.write(files.key(), key);

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> TestingProxy.start(options -> options.withTls(files)))
        .isInstanceOfSatisfying(
            io.wasmrunner.model.WasmrunnerException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("WR-3004");
              assertThat(failure).hasMessageContaining("not that of the certificate");
            });
  }

  @Test
  void onlyTls12And13AreSpoken() throws Exception {
    TestingCertificate own = TestingCertificate.make(folder, "versions");
    TlsFiles files = own.writeTo(folder);
    java.security.Security.setProperty("jdk.tls.disabledAlgorithms", "SSLv3");
    try (TestingProxy proxy = TestingProxy.start(options -> options.withTls(files))) {
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        try (SSLSocket socket = open(proxy, own.trusted(), version)) {
          assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
      }
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> open(proxy, own.trusted(), "TLSv1.1")))
          .isNotNull();
    }
  }

  /* ---- certificates of clients ---- */

  private TlsFiles askingFor(TestingCertificate own, TestingCertificate client, boolean required)
      throws Exception {
    Path authorities = folder.resolve("clients.crt");
    Files.writeString(authorities, client.pem());
    return own.writeTo(folder).with(new ClientCertificates(required, authorities, true));
  }

  @Test
  void aRequiredCertificateLetsInWhoHasOne() throws Exception {
    TestingCertificate own = TestingCertificate.make(folder, "own");
    TestingCertificate client = TestingCertificate.make(folder, "client-ñ");
    TestingCertificate stranger = TestingCertificate.make(folder, "stranger");
    TlsFiles files = askingFor(own, client, true);
    try (TestingProxy proxy = TestingProxy.start(options -> options.withTls(files))) {
      proxy.runner(
          "who",
          request -> request.response().end(request.headers().getAll("WR-Client-Subject") + ""));

      try (SSLSocket socket = open(proxy, client.identifiedTo(own))) {
        String told =
            new RawConnection(socket)
                .sendHead("GET /who HTTP/1.1", "Host: a", "WR-Client-Subject: CN=forged")
                .read()
                .text();
        assertThat(told).isEqualTo("[CN=client-\\C3\\B1]");
      }
      for (SSLContext other : List.of(own.trusted(), stranger.identifiedTo(own))) {
        assertThat(
                org.assertj.core.api.Assertions.catchThrowable(
                    () -> {
                      try (SSLSocket socket = open(proxy, other)) {
                        ask(socket, "/who");
                      }
                    }))
            .isInstanceOf(java.io.IOException.class);
      }
    }
  }

  @Test
  void aRequestedCertificateMayBeMissing() throws Exception {
    TestingCertificate own = TestingCertificate.make(folder, "own");
    TestingCertificate client = TestingCertificate.make(folder, "client");
    TlsFiles files = askingFor(own, client, false);
    try (TestingProxy proxy = TestingProxy.start(options -> options.withTls(files))) {
      proxy.runner(
          "who",
          request -> request.response().end(request.headers().getAll("WR-Client-Subject") + ""));

      try (SSLSocket socket = open(proxy, own.trusted())) {
        assertThat(ask(socket, "/who")).isEqualTo("[]");
      }
      try (SSLSocket socket = open(proxy, client.identifiedTo(own))) {
        assertThat(ask(socket, "/who")).isEqualTo("[CN=client]");
      }
    }
  }
}
