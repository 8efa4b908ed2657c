package io.wasmrunner.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whom a guest trusts that leaves TLS to the host: the JVM's authorities and {@code tls.ca_file}.
 */
final class TlsAuthorityTest {
  private static final Path CLIENT =
      Path.of("..", "integration-tests", "fixtures", "tls-host", "tls-host.wasm");
  private static final String PASSWORD = "testing";
  private static final String TRUST_STORE = "javax.net.ssl.trustStore";

  @TempDir private Path folder;
  private HttpsServer server;

  @BeforeEach
  void serve() throws Exception {
    Path store = folder.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-validity",
        "2",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-keystore",
        store.toString());
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "server",
        "-keystore",
        store.toString(),
        "-file",
        folder.resolve("server.pem").toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write("fine".getBytes(UTF_8));
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    words.addAll(List.of(arguments));
    words.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process tool = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes(), UTF_8);
    assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tool.exitValue()).as(said).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "jvm-process"})
  void theFileDecidesWhomAGuestTrusts(String launcher) throws IOException {
    assertThat(ask(launcher, ", \"tls\": {\"ca_file\": \"files/server.pem\"}"))
        .isEqualTo("answer: fine");
    assertThat(ask(launcher, "")).startsWith("error: ").contains("InvalidCertificateData");
  }

  /** Only the child reads these properties here: no guest of this JVM speaks TLS meanwhile. */
  @Test
  void aChildTrustsTheStoreOfItsParent() throws Exception {
    Path store = folder.resolve("trusted.p12");
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "authority",
        "-file",
        folder.resolve("server.pem").toString(),
        "-keystore",
        store.toString());
    String had = System.getProperty(TRUST_STORE);
    String hadPassword = System.getProperty(TRUST_STORE + "Password");
    set(TRUST_STORE, store.toString());
    set(TRUST_STORE + "Password", PASSWORD);
    try {
      assertThat(ask("jvm-process", "")).isEqualTo("answer: fine");
    } finally {
      set(TRUST_STORE, had);
      set(TRUST_STORE + "Password", hadPassword);
    }
  }

  private static void set(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }

  /** What the guest prints. */
  private String ask(String launcher, String tls) throws IOException {
    int port = server.getAddress().getPort();
    TestingServices services = new TestingServices(folder.resolve("services"));
    TestingRuntime.add(
        services,
        "client",
        CLIENT,
        TestingServices.freePorts(1),
        """
        , "launcher": "%s", "env": {"TLS_URL": "https://localhost:%d/"},
        "capabilities": {"outbound": ["localhost:%d"]%s}"""
            .formatted(launcher, port, port, tls));
    services.file("client/files/server.pem", Files.readString(folder.resolve("server.pem")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, UTF_8);
    int status =
        new ForegroundRunner(services.options(new RuntimePlugin()).build(), printed, printed)
            .run("client");
    assertThat(status).as(out.toString(UTF_8)).isZero();
    return out.toString(UTF_8)
        .lines()
        .filter(line -> line.matches("(answer|error): .*"))
        .findFirst()
        .orElse("");
  }
}
