package io.wasmrunner.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions of {@code rustls_client}, called by a guest whose bytes the test carries. */
final class TlsClientTest {
  private static final int NAME = Puppet.FREE;
  private static final int STATE = Puppet.FREE + 512;
  private static final int BUFFER = Puppet.FREE + 1024;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int END = 2 << 16;

  private static final int PARAMETER = -1;
  private static final int INCOMPATIBLE = -10;
  private static final int ALERT = -12;
  private static final int CERTIFICATE = -16;
  private static final int WOULD_BLOCK = -25;
  private static final int IO = -26;

  @TempDir private static Path folder;
  private static TestingCertificates authority;
  private static TlsTrust trust;
  private static Module module;
  private Puppet guest;

  @BeforeAll
  static void load() {
    authority = new TestingCertificates();
    trust = TlsTrust.withAuthorities(authority.pemFile(folder));
    module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
  }

  @BeforeEach
  void start() {
    guest = Puppet.start(module, builder -> builder.tlsTrust(trust));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void talksToAServerThatIsTrusted(String protocol) throws IOException {
    try (var server = new TestingTlsServer(authority.server("service.test"), protocol);
        Socket socket = connect(server.port())) {
      int codec = codec("service.test");
      assertThat(guest.number("codec_is_handshaking", codec)).isEqualTo(1);
      assertThat(guest.number("codec_wants", codec)).isEqualTo(2);
      assertThat(handshake(codec, socket)).isZero();
      assertThat(guest.number("codec_is_handshaking", codec)).isZero();
      assertThat(write(codec, "GET / HTTP/1.1\r\n\r\n")).isEqualTo(18);
      sendAll(codec, socket);
      assertThat(readAll(codec, socket)).endsWith(TestingTlsServer.ANSWER);
      assertThat(guest.read(STATE + 8, 1)).containsExactly(1);
      assertThat(guest.number("read_raw", codec, BUFFER, 10)).isZero();
      assertThat(guest.number("send_close_notify", codec)).isZero();
      assertThat(guest.number("codec_wants", codec)).isEqualTo(2);
      assertThat(guest.number("delete_codec", codec)).isZero();
      assertThat(guest.number("codec_wants", codec)).isEqualTo(PARAMETER);
    }
  }

  @Test
  void anAddressIsANameToo() throws IOException {
    try (var server = new TestingTlsServer(authority.server("127.0.0.1"));
        Socket socket = connect(server.port())) {
      assertThat(handshake(codec("127.0.0.1"), socket)).isZero();
    }
  }

  @Test
  void refusesAnotherName() throws IOException {
    try (var server = new TestingTlsServer(authority.server("service.test"));
        Socket socket = connect(server.port())) {
      int codec = codec("other.test");
      assertThat(handshake(codec, socket)).isEqualTo(CERTIFICATE);
      assertThat(guest.number("codec_is_handshaking", codec)).isEqualTo(1);
      assertThat(guest.number("process_new_packets", codec, STATE)).isEqualTo(CERTIFICATE);
      assertThat(guest.number("write_raw", codec, BUFFER, 1)).isEqualTo(CERTIFICATE);
      assertThat(guest.number("read_raw", codec, BUFFER, 1)).isEqualTo(CERTIFICATE);
      assertThat(guest.number("codec_wants", codec)).isEqualTo(2); // the alert for the server
    }
  }

  @Test
  void refusesAnExpiredCertificate() throws IOException {
    try (var server = new TestingTlsServer(authority.expiredServer("service.test"));
        Socket socket = connect(server.port())) {
      assertThat(handshake(codec("service.test"), socket)).isEqualTo(CERTIFICATE);
    }
  }

  @Test
  void refusesAnUnknownAuthority() throws IOException {
    var stranger = new TestingCertificates();
    try (var server = new TestingTlsServer(stranger.server("service.test"));
        Socket socket = connect(server.port())) {
      assertThat(handshake(codec("service.test"), socket)).isEqualTo(CERTIFICATE);
    }
  }

  @Test
  void tellsAnAlertFromAServerThatSpeaksNoTls() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      answerOnce(server, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
      try (Socket socket = connect(server.getLocalPort())) {
        assertThat(handshake(codec("service.test"), socket)).isEqualTo(-4);
      }
      answerOnce(server, new byte[] {21, 3, 3, 0, 2, 2, 40}); // alert: handshake failure
      try (Socket socket = connect(server.getLocalPort())) {
        assertThat(handshake(codec("service.test"), socket)).isEqualTo(ALERT);
      }
    }
  }

  @Test
  void aForgedRecordIsAnErrorAndACutConnectionIsNoEnd() throws IOException {
    try (var server = new TestingTlsServer(authority.server("service.test"), "TLSv1.2");
        Socket socket = connect(server.port())) {
      int forged = codec("service.test");
      assertThat(handshake(forged, socket)).isZero();
      assertThat(guest.number("read_raw", forged, BUFFER, 10)).isEqualTo(WOULD_BLOCK);
      byte[] record = new byte[5 + 64];
      record[0] = 23;
      record[1] = 3;
      record[2] = 3;
      record[4] = 64;
      guest.write(BUFFER, record);
      assertThat(guest.number("read_tls", forged, BUFFER, record.length)).isEqualTo(record.length);
      assertThat(guest.number("process_new_packets", forged, STATE)).isEqualTo(-8);
    }
    try (var server = new TestingTlsServer(authority.server("service.test"));
        Socket socket = connect(server.port())) {
      int cut = codec("service.test");
      assertThat(handshake(cut, socket)).isZero();
      assertThat(guest.number("read_tls", cut, BUFFER, 0)).isZero();
      assertThat(guest.number("read_raw", cut, BUFFER, 10)).isEqualTo(IO);
    }
  }

  @Test
  void whatIsWrittenEarlyWaitsForTheHandshake() throws IOException {
    try (var server = new TestingTlsServer(authority.server("service.test"));
        Socket socket = connect(server.port())) {
      int codec = codec("service.test");
      assertThat(write(codec, "GET / HTTP/1.1\r\n\r\n")).isEqualTo(18);
      assertThat(guest.number("send_close_notify", codec("service.test"))).isZero();
      assertThat(handshake(codec, socket)).isZero();
      sendAll(codec, socket);
      assertThat(readAll(codec, socket)).endsWith(TestingTlsServer.ANSWER);
    }
  }

  @Test
  void whatWaitsInTheHostIsBounded() {
    int codec = codec("service.test");
    int written = 0;
    int n;
    do {
      n = guest.number("write_raw", codec, BUFFER, 10_000);
      written += n;
    } while (n > 0);
    assertThat(n).isZero();
    assertThat(written).isEqualTo(TlsBuffer.LIMIT_BYTES);
  }

  @Test
  void whatTheGuestDoesNotReadIsBounded() throws IOException {
    String answer = "0123456789".repeat(50_000);
    try (var server = new TestingTlsServer(answer, authority.server("service.test"));
        Socket socket = connect(server.port())) {
      int codec = codec("service.test");
      assertThat(handshake(codec, socket)).isZero();
      write(codec, "GET / HTTP/1.1\r\n\r\n");
      sendAll(codec, socket);
      byte[] waiting = {};
      int taken = 0;
      int n = 0;
      while (n != IO) {
        if (waiting.length == 0) {
          waiting = socket.getInputStream().readNBytes(8_000);
        }
        guest.write(BUFFER, waiting);
        n = guest.number("read_tls", codec, BUFFER, waiting.length);
        taken += Math.max(0, n);
        waiting = Arrays.copyOfRange(waiting, Math.max(0, n), waiting.length);
        assertThat(guest.number("process_new_packets", codec, STATE)).isZero();
        assertThat(guest.i32(STATE + 4)).isLessThanOrEqualTo(TlsBuffer.LIMIT_BYTES);
      }
      assertThat(taken).isBetween(TlsBuffer.LIMIT_BYTES, 2 * TlsBuffer.LIMIT_BYTES + 8_000);
      assertThat(guest.number("read_raw", codec, BUFFER, BUFFER_BYTES)).isGreaterThan(30_000);
      guest.write(BUFFER, waiting);
      assertThat(guest.number("read_tls", codec, BUFFER, waiting.length)).isEqualTo(waiting.length);
      assertThat(readAll(codec, socket)).endsWith("0123456789");
    }
  }

  @Test
  void connectionsAreBoundedAndTheirNumbersReused() {
    for (int i = 0; i < TlsCodecs.MAX_CODECS; i++) {
      assertThat(codec("service.test")).isEqualTo(i);
    }
    guest.write(NAME, "service.test");
    assertThat(guest.number("new_codec", 0, NAME, 12)).isEqualTo(-18);
    assertThat(guest.number("delete_codec", 5)).isZero();
    assertThat(codec("service.test")).isEqualTo(5);
  }

  @Test
  void connectionsTakeOfTheBudgetOfAllGuests() {
    MemoryBudget budget = new MemoryBudget((128 << 10) + 2L * TlsCodecs.CODEC_BYTES);
    Puppet poor = Puppet.start(module, builder -> builder.tlsTrust(trust).budget(budget));
    try (poor) {
      poor.write(NAME, "service.test");
      assertThat(poor.number("new_codec", 0, NAME, 12)).isZero();
      assertThat(poor.number("new_codec", 0, NAME, 12)).isEqualTo(1);
      assertThat(budget.used()).isEqualTo(budget.limit());
      assertThat(poor.number("new_codec", 0, NAME, 12)).isEqualTo(-18);
      assertThat(poor.guest().memoryRefusals()).isEqualTo(1);
      assertThat(poor.number("delete_codec", 0)).isZero();
      assertThat(poor.number("new_codec", 0, NAME, 3)).isZero();
      assertThat(poor.number("delete_codec", 0)).isZero();
      poor.write(NAME, "a..b");
      assertThat(poor.number("new_codec", 0, NAME, 4)).isEqualTo(PARAMETER);
      assertThat(budget.used()).isEqualTo(budget.limit() - TlsCodecs.CODEC_BYTES);
    }
    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "service.test.", "-a.test", "1.2.3", "256.0.0.1", "a..b", "ä.test"})
  void aNameThatIsNoneIsRefused(String name) {
    byte[] bytes = name.getBytes(UTF_8);
    guest.write(NAME, bytes);
    assertThat(guest.number("new_codec", 0, NAME, bytes.length)).isEqualTo(PARAMETER);
  }

  @Test
  void badParametersAreRefused() {
    assertThat(guest.number("default_config")).isZero();
    guest.write(NAME, "service.test");
    assertThat(guest.number("new_codec", 1, NAME, 12)).isEqualTo(PARAMETER);
    assertThat(guest.number("new_codec", 0, END - 4, 12)).isEqualTo(PARAMETER);
    assertThat(guest.number("new_codec", 0, NAME, 256)).isEqualTo(PARAMETER);
    int codec = codec("service.test");
    for (String function : new String[] {"read_tls", "write_tls", "read_raw", "write_raw"}) {
      assertThat(guest.number(function, codec + 1, BUFFER, 8)).isEqualTo(PARAMETER);
      assertThat(guest.number(function, -1, BUFFER, 8)).isEqualTo(PARAMETER);
      assertThat(guest.number(function, codec, END - 4, 8)).isEqualTo(PARAMETER);
      assertThat(guest.number(function, codec, BUFFER, -1)).isEqualTo(PARAMETER);
    }
    assertThat(guest.number("process_new_packets", codec, END - 8)).isEqualTo(PARAMETER);
    assertThat(guest.number("process_new_packets", 77, STATE)).isEqualTo(PARAMETER);
    assertThat(guest.number("codec_is_handshaking", 77)).isEqualTo(PARAMETER);
    assertThat(guest.number("codec_wants", 77)).isEqualTo(PARAMETER);
    assertThat(guest.number("send_close_notify", 77)).isEqualTo(PARAMETER);
    assertThat(guest.number("delete_codec", 77)).isZero();
  }

  @Test
  void aServerWithoutACommonCipherIsIncompatible() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      byte[] hello = new byte[5 + 4 + 38];
      byte[] head = {22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3};
      System.arraycopy(head, 0, hello, 0, head.length);
      hello[hello.length - 2] = 1; // cipher suite 00 01: NULL, MD5
      hello[hello.length - 3] = 0;
      hello[hello.length - 1] = 0;
      answerOnce(server, hello);
      try (Socket socket = connect(server.getLocalPort())) {
        assertThat(handshake(codec("service.test"), socket)).isEqualTo(INCOMPATIBLE);
      }
    }
  }

  private static Socket connect(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a failure shows as a missing answer
  private static void answerOnce(ServerSocket server, byte[] answer) {
    CompletableFuture.runAsync(
        () -> {
          try (Socket client = server.accept()) {
            client.getInputStream().read();
            client.getOutputStream().write(answer);
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private int codec(String server) {
    guest.write(NAME, server);
    int codec = guest.number("new_codec", 0, NAME, server.length());
    assertThat(codec).isNotNegative();
    return codec;
  }

  private int write(int codec, String text) {
    guest.write(BUFFER, text);
    return guest.number("write_raw", codec, BUFFER, text.length());
  }

  /** Zero, or the error that ends it. */
  private int handshake(int codec, Socket socket) throws IOException {
    int result = 0;
    while (result == 0 && guest.number("codec_is_handshaking", codec) == 1) {
      sendAll(codec, socket);
      if ((guest.number("codec_wants", codec) & 1) != 0) {
        assertThat(receive(codec, socket)).isPositive();
        result = guest.number("process_new_packets", codec, STATE);
      }
    }
    if (result == 0) {
      sendAll(codec, socket);
    }
    return result;
  }

  private void sendAll(int codec, Socket socket) throws IOException {
    while ((guest.number("codec_wants", codec) & 2) != 0) {
      int n = guest.number("write_tls", codec, BUFFER, 1_000);
      socket.getOutputStream().write(guest.read(BUFFER, n));
    }
  }

  private int receive(int codec, Socket socket) throws IOException {
    byte[] bytes = new byte[1_000];
    int n = Math.max(0, socket.getInputStream().read(bytes));
    guest.write(BUFFER, Arrays.copyOf(bytes, n));
    assertThat(guest.number("read_tls", codec, BUFFER, n)).isEqualTo(n);
    return n;
  }

  private String readAll(int codec, Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int n = guest.number("read_raw", codec, BUFFER, BUFFER_BYTES);
      if (n == WOULD_BLOCK) {
        receive(codec, socket);
        assertThat(guest.number("process_new_packets", codec, STATE)).isZero();
      } else if (n == 0) {
        return text.toString();
      } else {
        assertThat(n).isPositive();
        text.append(guest.text(BUFFER, n));
      }
    }
  }
}
