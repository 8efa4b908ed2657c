package io.wasmrunner.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatagramSocketTest {
  private static final int FD = 1024;
  private static final int ADDRESS = 1032;
  private static final int ADDRESS_BYTES = 1048;
  private static final int VECTOR = 1184;
  private static final int COUNT = 1208;
  private static final int FLAGS = 1216;
  private static final int PORT = 1224;
  private static final int IN = 2048;
  private static final int OUT = 4096;
  private static final int DATA = 8192;

  @TempDir private static Path folder;
  private static Module module;
  private Puppet guest;
  private java.net.DatagramSocket peer;
  private int fd;
  private int port;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
  }

  @BeforeEach
  void start() throws IOException {
    guest = Puppet.start(module);
    peer = new java.net.DatagramSocket(0, InetAddress.getLoopbackAddress());
    peer.setSoTimeout(30_000);
    assertThat(guest.call("sock_open", 1, 1, FD)).isEqualTo(Errno.SUCCESS);
    fd = guest.i32(FD);
    loopback(4);
    assertThat(guest.call("sock_bind", fd, ADDRESS, 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sock_getlocaladdr", fd, ADDRESS, PORT)).isEqualTo(Errno.SUCCESS);
    port = guest.i32(PORT);
  }

  @AfterEach
  void stop() {
    guest.close();
    peer.close();
  }

  @Test
  void receivesWithTheSendersAddressInTheSecondGeneration() throws IOException {
    send("ping");
    loopback(128);
    guest.ints(VECTOR, DATA, 100);
    assertThat(guest.call("sock_recv_from", fd, VECTOR, 1, ADDRESS, 0, PORT, COUNT, FLAGS))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.text(DATA, guest.i32(COUNT))).isEqualTo("ping");
    assertThat(guest.read(ADDRESS_BYTES, 6)).containsExactly(1, 0, 127, 0, 0, 1);
    assertThat(guest.i32(PORT)).isEqualTo(peer.getLocalPort());
    assertThat(guest.read(FLAGS, 2)).containsExactly(0, 0);
  }

  @Test
  void tellsThatADatagramWasCutOffInTheFirstGeneration() throws IOException {
    send("0123456789");
    loopback(4);
    guest.ints(VECTOR, DATA, 4);
    assertThat(guest.call("sock_recv_from", fd, VECTOR, 1, ADDRESS, 0, COUNT, FLAGS))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(4);
    assertThat(guest.read(FLAGS, 2)).containsExactly(1, 0);
    send("next");
    assertThat(guest.call("sock_recv", fd, VECTOR, 1, 0, COUNT, FLAGS)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.text(DATA, 4)).isEqualTo("next");
  }

  @Test
  void sendsToAnAddressAndToTheConnectedOne() throws IOException {
    guest.write(DATA, "to");
    guest.ints(VECTOR, DATA, 2);
    assertThat(guest.call("sock_send", fd, VECTOR, 1, 0, COUNT)).isEqualTo(Errno.DESTADDRREQ);
    loopback(4);
    assertThat(guest.call("sock_send_to", fd, VECTOR, 1, ADDRESS, peer.getLocalPort(), 0, COUNT))
        .isEqualTo(Errno.SUCCESS);
    assertThat(received()).isEqualTo("to");
    assertThat(guest.call("sock_connect", fd, ADDRESS, peer.getLocalPort()))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sock_send", fd, VECTOR, 1, 0, COUNT)).isEqualTo(Errno.SUCCESS);
    assertThat(received()).isEqualTo("to");
    assertThat(guest.call("sock_getpeeraddr", fd, ADDRESS, PORT)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(PORT)).isEqualTo(peer.getLocalPort());
  }

  @Test
  void peeksAndPolls() throws IOException {
    guest.longs(IN, 1, 1, fd, 0, 0, 0);
    guest.begin("poll_oneoff", IN, OUT, 1, COUNT);
    assertThat(guest.waits(50)).isTrue();
    send("seen");
    assertThat(guest.result()).isEqualTo(Errno.SUCCESS);
    guest.ints(VECTOR, DATA, 10);
    assertThat(guest.call("sock_recv", fd, VECTOR, 1, 1, COUNT, FLAGS)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("poll_oneoff", IN, OUT, 1, COUNT)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sock_recv", fd, VECTOR, 1, 0, COUNT, FLAGS)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.text(DATA, guest.i32(COUNT))).isEqualTo("seen");
    assertThat(guest.call("fd_fdstat_set_flags", fd, 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sock_recv", fd, VECTOR, 1, 0, COUNT, FLAGS)).isEqualTo(Errno.AGAIN);
  }

  @Test
  void refusesMetadataAndWhatIsTooLong() {
    guest.ints(ADDRESS, ADDRESS_BYTES, 4);
    guest.write(ADDRESS_BYTES, (byte) 169, (byte) 254, (byte) 169, (byte) 254);
    guest.ints(VECTOR, DATA, 2);
    assertThat(guest.call("sock_send_to", fd, VECTOR, 1, ADDRESS, 53, 0, COUNT))
        .isEqualTo(Errno.ACCES);
    loopback(4);
    guest.ints(VECTOR, 0, 70_000);
    assertThat(guest.call("sock_send_to", fd, VECTOR, 1, ADDRESS, peer.getLocalPort(), 0, COUNT))
        .isEqualTo(Errno.MSGSIZE);
  }

  private void loopback(int length) {
    guest.ints(ADDRESS, ADDRESS_BYTES, length);
    guest.write(ADDRESS_BYTES, (byte) 127, (byte) 0, (byte) 0, (byte) 1);
  }

  private void send(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    peer.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
  }

  private String received() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    peer.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), UTF_8);
  }
}
