package io.wasmrunner.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs in Rust that speak HTTPS, in both ways in which guests can, against a server of the
 * test's: one carries TLS itself, the other leaves it to the host.
 */
final class TlsGuestsTest {
  private static final Logger log = LoggerFactory.getLogger(TlsGuestsTest.class);
  private static final String NAME = "service.test";

  @TempDir private static Path folder;
  private static TestingCertificates authority;
  private static TlsTrust trust;
  private static Engine engine;

  /** The two programs; {@code integration-tests/fixtures} has their sources. */
  enum Program {
    OWN("tls-own"),
    HOST("tls-host");

    private final Path file;
    private final String needs;

    String error(String own) {
      return this == OWN
          ? "error: invalid peer certificate: " + own
          : "error: error sending request";
    }

    Program(String fixture) {
      file = Path.of("..", "integration-tests", "fixtures", fixture, fixture + ".wasm");
      needs = fixture.equals("tls-host") ? TlsFunctions.MODULE : WasiFunctions.MODULE;
    }
  }

  @BeforeAll
  static void prepare() {
    authority = new TestingCertificates();
    trust = TlsTrust.withAuthorities(authority.pemFile(folder));
    engine = TestingGuests.compiler(folder);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @ParameterizedTest
  @EnumSource
  void talkToAServerThatIsTrusted(Program program) {
    assertThat(engine.load(program.file).imports())
        .anyMatch(wanted -> wanted.module().equals(program.needs));
    try (var server = new TestingTlsServer(authority.server(NAME))) {
      assertThat(ask(program, server, 1)).isEqualTo("answer: " + TestingTlsServer.ANSWER);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refuseAnotherName(Program program) {
    try (var server = new TestingTlsServer(authority.server("other.test"))) {
      assertThat(ask(program, server, 1)).startsWith(program.error("NotValidForName"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void refuseAnExpiredCertificate(Program program) {
    try (var server = new TestingTlsServer(authority.expiredServer(NAME))) {
      assertThat(ask(program, server, 1)).startsWith(program.error("Expired"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void refuseAnUnknownAuthority(Program program) {
    try (var server = new TestingTlsServer(new TestingCertificates().server(NAME))) {
      assertThat(ask(program, server, 1)).startsWith(program.error("UnknownIssuer"));
    }
  }

  @Test
  void theJvmsAuthoritiesDoNotVouchForTheTestsServer() {
    try (var server = new TestingTlsServer(authority.server(NAME))) {
      var config = config(Program.HOST, server, 1, new ByteArrayOutputStream());
      var output = new ByteArrayOutputStream();
      TestingGuests.run(
          engine.load(Program.HOST.file),
          config.tlsTrust(TlsTrust.jvm()).stdout(output::writeBytes).build());
      assertThat(output.toString(UTF_8)).contains("InvalidCertificateData");
    }
  }

  /** The processor time of a guest per request, each with a handshake of its own. */
  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "wasi.tls.handshakes", matches = "[1-9][0-9]*")
  void costOfAHandshake(Program program) {
    int count = Integer.getInteger("wasi.tls.handshakes");
    Module module = TestingGuests.compiled(engine, program.file);
    try (var server = new TestingTlsServer(authority.server(NAME))) {
      for (int n = count / 4; n <= 4 * count; n *= 2) {
        Guest guest =
            Guest.start(module, config(program, server, n, new ByteArrayOutputStream()).build());
        assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Exited(0));
        Duration each = guest.cpuTime().dividedBy(n);
        log.warn(
            "{}: {} handshakes, {} us of processor time each", program, n, each.toNanos() / 1000);
      }
    }
  }

  private static String ask(Program program, TestingTlsServer server, int count) {
    var output = new ByteArrayOutputStream();
    Module module = engine.load(program.file);
    GuestExit exit = TestingGuests.run(module, config(program, server, count, output).build());
    assertThat(exit).as(output.toString(UTF_8)).isEqualTo(new GuestExit.Exited(0));
    return output.toString(UTF_8).strip();
  }

  private static GuestConfig.Builder config(
      Program program, TestingTlsServer server, int count, ByteArrayOutputStream output) {
    return GuestConfig.builder(program.toString())
        .env(
            Map.of(
                "TLS_ADDRESS",
                "127.0.0.1:" + server.port(),
                "TLS_NAME",
                NAME,
                "TLS_CA",
                authority.pem(),
                "TLS_URL",
                "https://" + NAME + ":" + server.port() + "/greeting",
                "TLS_COUNT",
                String.valueOf(count)))
        .network(new TestNames())
        .tlsTrust(trust)
        .stdout(output::writeBytes)
        .stderr(output::writeBytes);
  }

  /** The host's network, where every name is this host's. */
  private static final class TestNames implements Network {
    private final Network real = NioNetwork.loopback();

    @Override
    public InetAddress[] resolve(String host) {
      return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    @Override
    public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
      return real.listen(requested);
    }

    @Override
    public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
      return real.connectTarget(requested);
    }

    @Override
    public SocketChannel openStream(InetSocketAddress local) throws IOException {
      return real.openStream(local);
    }

    @Override
    public DatagramChannel openDatagram(InetSocketAddress local) throws IOException {
      return real.openDatagram(local);
    }
  }
}
