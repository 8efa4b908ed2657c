package io.wasmrunner.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same conversations with either generation of the functions, over IPv4 and IPv6. */
final class SocketGenerationsTest {
  private static final int FD = 1024;
  private static final int ADDRESS = 1032;
  private static final int ADDRESS_BYTES = 1048;
  private static final int VECTOR = 1184;
  private static final int COUNT = 1208;
  private static final int FLAGS = 1216;
  private static final int TYPE = 1224;
  private static final int PORT = 1232;
  private static final int DATA = 8192;

  @TempDir private static Path folder;
  private static Module module;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
  }

  /** A guest that uses one generation, by its names. */
  private record Talk(Puppet guest, InetAddress host, String suffix) implements AutoCloseable {
    static Talk start(String host, String suffix) throws IOException {
      InetAddress address = InetAddress.getByName(host);
      assumeTrue(usable(address), "this machine has no " + host);
      return new Talk(
          Puppet.start(module, builder -> builder.network(new NioNetwork(address))),
          address,
          suffix);
    }

    private static boolean usable(InetAddress address) {
      try (ServerSocket any = new ServerSocket(0, 1, address)) {
        return any.isBound();
      } catch (IOException e) {
        return false;
      }
    }

    private boolean second() {
      return !suffix.isEmpty();
    }

    void call(String name, long... args) {
      assertThat(guest.call(name + suffix, args)).as(name + suffix).isEqualTo(Errno.SUCCESS);
    }

    int open(int type) {
      call("sock_open", host.getAddress().length == 4 ? 1 : 2, type, FD);
      return guest.i32(FD);
    }

    /** The host's address, in the form of this generation. */
    void address() {
      byte[] bytes = host.getAddress();
      guest.ints(ADDRESS, ADDRESS_BYTES, second() ? 128 : bytes.length);
      if (second()) {
        guest.write(ADDRESS_BYTES, (byte) (bytes.length == 4 ? 1 : 2), (byte) 0);
      }
      guest.write(ADDRESS_BYTES + (second() ? 2 : 0), bytes);
    }

    void assertAddress() {
      byte[] bytes = host.getAddress();
      assertThat(guest.read(ADDRESS_BYTES + (second() ? 2 : 0), bytes.length)).isEqualTo(bytes);
      if (second()) {
        assertThat(guest.read(ADDRESS_BYTES, 2)).containsExactly(bytes.length == 4 ? 1 : 2, 0);
      }
    }

    int port(String name, int fd) {
      address();
      if (second()) {
        call(name, fd, ADDRESS, PORT);
      } else {
        call(name, fd, ADDRESS, TYPE, PORT);
        assertThat(guest.i32(TYPE)).isEqualTo(host.getAddress().length == 4 ? 4 : 6);
      }
      assertAddress();
      return guest.i32(PORT);
    }

    String receive(int fd) {
      guest.ints(VECTOR, DATA, 100);
      call("sock_recv", fd, VECTOR, 1, 0, COUNT, FLAGS);
      return guest.text(DATA, guest.i32(COUNT));
    }

    void vector(String text) {
      guest.write(DATA, text);
      guest.ints(VECTOR, DATA, text.length());
    }

    @Override
    public void close() {
      guest.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1,''", "127.0.0.1,_v2", "::1,''", "::1,_v2"})
  void aServerAndAClientTalkOverStreams(String host, String suffix) throws IOException {
    try (Talk talk = Talk.start(host, suffix)) {
      int server = talk.open(2);
      talk.address();
      talk.call("sock_bind", server, ADDRESS, 0);
      talk.call("sock_listen", server, 5);
      int port = talk.port("sock_getlocaladdr", server);
      int client = talk.open(2);
      talk.address();
      talk.call("sock_connect", client, ADDRESS, port);
      if (talk.second()) {
        talk.call("sock_accept", server, 0, FD);
      } else {
        talk.call("sock_accept", server, FD);
      }
      int accepted = talk.guest.i32(FD);
      assertThat(talk.port("sock_getpeeraddr", client)).isEqualTo(port);
      assertThat(talk.port("sock_getpeeraddr", accepted))
          .isEqualTo(talk.port("sock_getlocaladdr", client));
      talk.vector("question");
      talk.call("sock_send", client, VECTOR, 1, 0, COUNT);
      assertThat(talk.guest.i32(COUNT)).isEqualTo(8);
      assertThat(talk.receive(accepted)).isEqualTo("question");
      talk.vector("answer");
      talk.address();
      talk.call("sock_send_to", accepted, VECTOR, 1, ADDRESS, 9, 0, COUNT); // to the peer anyway
      talk.guest.ints(VECTOR, DATA, 100);
      talk.address();
      receiveFrom(talk, client);
      assertThat(talk.guest.text(DATA, talk.guest.i32(COUNT))).isEqualTo("answer");
      talk.assertAddress();
      assertThat(talk.guest.call("sock_shutdown", accepted, 2)).isEqualTo(Errno.SUCCESS);
      assertThat(talk.receive(client)).isEmpty();
    }
  }

  private static void receiveFrom(Talk talk, int fd) {
    if (talk.second()) {
      talk.call("sock_recv_from", fd, VECTOR, 1, ADDRESS, 0, PORT, COUNT, FLAGS);
    } else {
      talk.call("sock_recv_from", fd, VECTOR, 1, ADDRESS, 0, COUNT, FLAGS);
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1,''", "127.0.0.1,_v2", "::1,''", "::1,_v2"})
  void datagramsGoBothWays(String host, String suffix) throws IOException {
    try (Talk talk = Talk.start(host, suffix);
        var peer = new java.net.DatagramSocket(0, talk.host)) {
      peer.setSoTimeout(30_000);
      int fd = talk.open(1);
      talk.address();
      talk.call("sock_bind", fd, ADDRESS, 0);
      int port = talk.port("sock_getlocaladdr", fd);
      talk.vector("ping");
      talk.address();
      talk.call("sock_send_to", fd, VECTOR, 1, ADDRESS, peer.getLocalPort(), 0, COUNT);
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      peer.receive(packet);
      assertThat(new String(packet.getData(), 0, packet.getLength(), UTF_8)).isEqualTo("ping");
      assertThat(packet.getPort()).isEqualTo(port);
      peer.send(new DatagramPacket("pong!".getBytes(UTF_8), 5, talk.host, port));
      talk.guest.ints(VECTOR, DATA, 4);
      talk.guest.ints(PORT, -1);
      talk.guest.ints(FLAGS, -1);
      talk.address();
      receiveFrom(talk, fd);
      assertThat(talk.guest.text(DATA, talk.guest.i32(COUNT))).isEqualTo("pong");
      assertThat(talk.guest.i32(FLAGS)).isEqualTo(0xffff0001); // cut off; two bytes, no more
      if (talk.second()) { // two bytes as well
        assertThat(talk.guest.i32(PORT)).isEqualTo(0xffff0000 | peer.getLocalPort());
      }
      talk.assertAddress();
    }
  }

  @Test
  void theSendersAddressIsLeftOutWhereItDoesNotFit() throws IOException {
    try (Talk talk = Talk.start("127.0.0.1", "");
        var peer = new java.net.DatagramSocket(0, talk.host)) {
      int fd = talk.open(1);
      talk.address();
      talk.call("sock_bind", fd, ADDRESS, 0);
      int port = talk.port("sock_getlocaladdr", fd);
      talk.guest.ints(ADDRESS, ADDRESS_BYTES, 3);
      talk.guest.ints(ADDRESS_BYTES, 0x55555555);
      peer.send(new DatagramPacket(new byte[] {'x'}, 1, talk.host, port));
      talk.guest.ints(VECTOR, DATA, 4);
      receiveFrom(talk, fd);
      assertThat(talk.guest.i32(COUNT)).isEqualTo(1);
      assertThat(talk.guest.i32(ADDRESS_BYTES)).isEqualTo(0x55555555);
      assertThat(talk.guest.call("sock_recv_from", fd, VECTOR, 1, ADDRESS, 0, PORT, COUNT, FLAGS))
          .isEqualTo(Errno.INVAL); // the second generation refuses, and takes nothing
    }
  }

  @Test
  void aConnectedDatagramSocketSpeaksToItsPeerOnlyAndCanBeShut() throws IOException {
    try (Talk talk = Talk.start("127.0.0.1", "");
        var peer = new java.net.DatagramSocket(0, talk.host)) {
      int fd = talk.open(1);
      assertThat(talk.guest.call("sock_shutdown", fd, 3)).isEqualTo(Errno.NOTCONN);
      talk.address();
      talk.call("sock_connect", fd, ADDRESS, peer.getLocalPort());
      talk.vector("x");
      assertThat(talk.guest.call("sock_send_to", fd, VECTOR, 1, ADDRESS, 9, 0, COUNT))
          .isEqualTo(Errno.ISCONN);
      talk.call("sock_shutdown", fd, 3);
      assertThat(talk.guest.call("sock_send", fd, VECTOR, 1, 0, COUNT)).isEqualTo(Errno.PIPE);
      assertThat(talk.receive(fd)).isEmpty();
    }
  }

  /** Edge-triggered in name: whoever reads a part only is told of the rest again. */
  @ParameterizedTest
  @CsvSource({"poll_oneoff", "epoll_oneoff"})
  void whatIsNotReadToTheEndIsReportedAgain(String poll) throws IOException {
    try (Talk talk = Talk.start("127.0.0.1", "")) {
      int server = talk.open(2);
      talk.address();
      talk.call("sock_bind", server, ADDRESS, 0);
      talk.call("sock_listen", server, 5);
      try (Socket client = new Socket(talk.host, talk.port("sock_getlocaladdr", server))) {
        talk.call("sock_accept", server, FD);
        int accepted = talk.guest.i32(FD);
        client.getOutputStream().write("abc".getBytes(UTF_8));
        talk.guest.longs(2048, 7, 1, accepted, 0, 0, 0);
        for (char next : "abc".toCharArray()) {
          assertThat(talk.guest.call(poll, 2048, 4096, 1, COUNT)).isEqualTo(Errno.SUCCESS);
          assertThat(talk.guest.i32(COUNT)).isEqualTo(1);
          assertThat(talk.guest.i64(4096)).isEqualTo(7);
          talk.guest.ints(VECTOR, DATA, 1);
          talk.call("sock_recv", accepted, VECTOR, 1, 0, COUNT, FLAGS);
          assertThat(talk.guest.text(DATA, 1)).isEqualTo(String.valueOf(next));
        }
      }
    }
  }

  /** The system would wait in close until the peer has taken everything; a guest must not. */
  @Test
  void closingWithLingerDoesNotHoldTheGuest() throws IOException {
    try (Talk talk = Talk.start("127.0.0.1", "");
        ServerSocket server = new ServerSocket(0, 1, talk.host)) {
      int fd = talk.open(2);
      talk.guest.ints(DATA, 1, 65_535);
      talk.call("sock_setsockopt", fd, 0, 9, DATA, 8);
      talk.address();
      talk.call("sock_connect", fd, ADDRESS, server.getLocalPort());
      assertThat(talk.guest.grow(512)).isPositive();
      talk.call("fd_fdstat_set_flags", fd, 4);
      talk.guest.ints(VECTOR, DATA, 32 << 20);
      talk.call("sock_send", fd, VECTOR, 1, 0, COUNT);
      assertThat(talk.guest.i32(COUNT)).isLessThan(32 << 20); // nobody reads
      talk.call("fd_close", fd);
    }
  }
}
