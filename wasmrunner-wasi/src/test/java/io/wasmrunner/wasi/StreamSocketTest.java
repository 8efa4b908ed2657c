package io.wasmrunner.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamSocketTest {
  private static final int INET4 = 1;
  private static final int STREAM = 2;
  private static final int NONBLOCK = 4;

  private static final int FD = 1024;
  private static final int ADDRESS = 1032; // {pointer, length}
  private static final int ADDRESS_BYTES = 1048;
  private static final int VECTOR = 1184; // {pointer, length} twice
  private static final int COUNT = 1208;
  private static final int FLAGS = 1216;
  private static final int TYPE = 1224;
  private static final int PORT = 1232;
  private static final int IN = 2048;
  private static final int OUT = 4096;
  private static final int DATA = 8192;

  @TempDir private static Path folder;
  private static Module module;

  private final List<InetSocketAddress> listening = new ArrayList<>();
  private final List<String> denied = new ArrayList<>();
  private Puppet guest;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
  }

  @BeforeEach
  void start() {
    GuestListener listener =
        new GuestListener() {
          @Override
          public void listening(InetSocketAddress local) {
            listening.add(local);
          }

          @Override
          public void denied(String operation, InetSocketAddress address, String reason) {
            denied.add(operation + " " + address + " " + reason);
          }
        };
    guest = Puppet.start(module, builder -> builder.listener(listener).maxDescriptors(8));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @Test
  void acceptsReceivesAndSends() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      int connection = accept(server);
      client.getOutputStream().write("hello".getBytes(UTF_8));
      assertThat(receive(connection, 100)).isEqualTo("hello");
      assertThat(send(connection, "hi ", "there")).isEqualTo(8);
      assertThat(client.getInputStream().readNBytes(8)).asString(UTF_8).isEqualTo("hi there");
      assertThat(client.getTcpNoDelay()).isFalse(); // the client's own business
    }
  }

  @Test
  void listensOnTheConfiguredHostWhenItAsksForAll() throws IOException {
    int server = open(STREAM);
    address(0, 0, 0, 0);
    assertThat(guest.call("sock_bind", server, ADDRESS, 0)).isEqualTo(Errno.SUCCESS);
    assertThat(listening).isEmpty();
    assertThat(guest.call("sock_listen", server, 5)).isEqualTo(Errno.SUCCESS);
    assertThat(listening)
        .singleElement()
        .satisfies(
            local -> {
              assertThat(local.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
              assertThat(local.getPort()).isEqualTo(localPort(server));
            });
  }

  @Test
  void refusesToListenElsewhere() {
    int server = open(STREAM);
    address(10, 1, 2, 3);
    assertThat(guest.call("sock_bind", server, ADDRESS, 0)).isEqualTo(Errno.ACCES);
    assertThat(denied).singleElement().asString().contains("bind", "10.1.2.3", "127.0.0.1");
  }

  @Test
  void tellsThatAPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int server = open(STREAM);
      address(127, 0, 0, 1);
      assertThat(guest.call("sock_bind", server, ADDRESS, taken.getLocalPort()))
          .isEqualTo(Errno.ADDRINUSE);
    }
  }

  @Test
  void givesThePortBackWhenTheListenerIsClosed() {
    int first = listen();
    int port = localPort(first);
    assertThat(guest.call("fd_close", first)).isEqualTo(Errno.SUCCESS);
    int second = open(STREAM);
    address(127, 0, 0, 1);
    assertThat(guest.call("sock_bind", second, ADDRESS, port)).isEqualTo(Errno.SUCCESS);
    assertThat(localPort(second)).isEqualTo(port);
  }

  @Test
  void saysAgainOnlyInNonBlockingMode() throws IOException {
    int server = listen();
    nonBlocking(server);
    assertThat(guest.call("sock_accept", server, FD)).isEqualTo(Errno.AGAIN);
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      pollForRead(server);
      int connection = accept(server);
      guest.ints(VECTOR, DATA, 100);
      nonBlocking(connection);
      assertThat(guest.call("sock_recv", connection, VECTOR, 1, 0, COUNT, FLAGS))
          .isEqualTo(Errno.AGAIN);
      assertThat(guest.call("fd_fdstat_set_flags", connection, 0)).isEqualTo(Errno.SUCCESS);
      guest.begin("sock_recv", connection, VECTOR, 1, 0, COUNT, FLAGS);
      assertThat(guest.waits(100)).isTrue();
      client.getOutputStream().write('x');
      assertThat(guest.result()).isEqualTo(Errno.SUCCESS);
      assertThat(guest.i32(COUNT)).isEqualTo(1);
    }
  }

  @Test
  void acceptWaitsInBlockingModeAndStopEndsTheWait() {
    int server = listen();
    guest.begin("sock_accept", server, FD);
    assertThat(guest.waits(100)).isTrue();
    guest.guest().stop();
    assertThat(TestingGuests.exit(guest.guest())).isEqualTo(new GuestExit.Stopped());
  }

  @Test
  void reportsTheEndOfAConnection() throws IOException {
    int server = listen();
    Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server));
    int connection = accept(server);
    client.close();
    pollForRead(connection);
    assertThat(receive(connection, 10)).isEmpty();
    assertThat(receive(connection, 10)).isEmpty();
    pollForRead(connection); // and stays ready
  }

  @Test
  void reportsAResetOnceAndThenTheEnd() throws IOException {
    int server = listen();
    Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server));
    int connection = accept(server);
    client.setSoLinger(true, 0);
    client.close();
    pollForRead(connection);
    guest.ints(VECTOR, DATA, 10);
    assertThat(guest.call("sock_recv", connection, VECTOR, 1, 0, COUNT, FLAGS))
        .isEqualTo(Errno.CONNRESET);
    assertThat(receive(connection, 10)).isEmpty();
    guest.ints(VECTOR, DATA, 10);
    assertThat(guest.call("sock_send", connection, VECTOR, 1, 0, COUNT)).isEqualTo(Errno.PIPE);
  }

  @Test
  void halfClosesInBothDirections() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      int connection = accept(server);
      client.getOutputStream().write("last".getBytes(UTF_8));
      client.shutdownOutput();
      pollForRead(connection);
      assertThat(receive(connection, 10)).isEqualTo("last");
      assertThat(receive(connection, 10)).isEmpty();
      assertThat(send(connection, "answer", "")).isEqualTo(6);
      assertThat(guest.call("sock_shutdown", connection, 2)).isEqualTo(Errno.SUCCESS);
      assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("answer");
      guest.ints(VECTOR, DATA, 4);
      assertThat(guest.call("sock_send", connection, VECTOR, 1, 0, COUNT)).isEqualTo(Errno.PIPE);
    }
  }

  @Test
  void shutdownOfAListenerOrAFreshSocketIsNotConnected() {
    assertThat(guest.call("sock_shutdown", listen(), 3)).isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_shutdown", open(STREAM), 3)).isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_shutdown", open(STREAM), 4)).isEqualTo(Errno.INVAL);
  }

  @Test
  void aWriteThatDoesNotFitReturnsWhatWentAndPollTellsWhenThereIsRoom() throws IOException {
    int server = listen();
    try (Socket client = new Socket()) {
      client.setReceiveBufferSize(4096);
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), localPort(server)));
      int connection = accept(server);
      nonBlocking(connection);
      assertThat(guest.grow(256)).isEqualTo(2);
      guest.ints(VECTOR, DATA, 16 << 20);
      assertThat(guest.call("sock_send", connection, VECTOR, 1, 0, COUNT)).isEqualTo(Errno.SUCCESS);
      int sent = guest.i32(COUNT);
      assertThat(sent).isBetween(1, (16 << 20) - 1);
      Errno next = guest.call("sock_send", connection, VECTOR, 1, 0, COUNT);
      while (next == Errno.SUCCESS) {
        sent += guest.i32(COUNT);
        next = guest.call("sock_send", connection, VECTOR, 1, 0, COUNT);
      }
      assertThat(next).isEqualTo(Errno.AGAIN);
      subscribe(0, 2, connection);
      guest.begin("poll_oneoff", IN, OUT, 1, COUNT);
      assertThat(guest.waits(100)).isTrue();
      assertThat(client.getInputStream().readNBytes(sent)).hasSize(sent);
      assertThat(guest.result()).isEqualTo(Errno.SUCCESS);
      assertThat(guest.call("sock_send", connection, VECTOR, 1, 0, COUNT)).isEqualTo(Errno.SUCCESS);
    }
  }

  @Test
  void aBlockingWriteSendsEverything() throws Exception {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      int connection = accept(server);
      assertThat(guest.grow(256)).isEqualTo(2);
      guest.ints(VECTOR, DATA, 16 << 20);
      guest.begin("sock_send", connection, VECTOR, 1, 0, COUNT);
      assertThat(client.getInputStream().readNBytes(16 << 20)).hasSize(16 << 20);
      assertThat(guest.result()).isEqualTo(Errno.SUCCESS);
      assertThat(guest.i32(COUNT)).isEqualTo(16 << 20);
    }
  }

  @Test
  void peekLeavesTheBytesAndWaitAllCollectsThem() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      int connection = accept(server);
      client.getOutputStream().write("abcd".getBytes(UTF_8));
      pollForRead(connection);
      guest.ints(VECTOR, DATA, 2);
      assertThat(guest.call("sock_recv", connection, VECTOR, 1, 1, COUNT, FLAGS))
          .isEqualTo(Errno.SUCCESS);
      assertThat(guest.text(DATA, 2)).isEqualTo("ab");
      pollForRead(connection);
      guest.ints(VECTOR, DATA, 6);
      guest.begin("sock_recv", connection, VECTOR, 1, 2, COUNT, FLAGS);
      assertThat(guest.waits(100)).isTrue();
      client.getOutputStream().write("ef".getBytes(UTF_8));
      assertThat(guest.result()).isEqualTo(Errno.SUCCESS);
      assertThat(guest.i32(COUNT)).isEqualTo(6);
      assertThat(guest.text(DATA, 6)).isEqualTo("abcdef");
    }
  }

  @Test
  void whatWaitsAfterAPeekTakesOfTheBudgetOfAllGuests() throws IOException {
    guest.close();
    MemoryBudget budget = new MemoryBudget(3 * 65_536L);
    guest = Puppet.start(module, builder -> builder.budget(budget));
    int server = listen();
    try (Socket one = new Socket(InetAddress.getLoopbackAddress(), localPort(server));
        Socket two = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      int first = accept(server);
      int second = accept(server);
      one.getOutputStream().write("abc".getBytes(UTF_8));
      two.getOutputStream().write("def".getBytes(UTF_8));
      pollForRead(first);
      pollForRead(second);
      guest.ints(VECTOR, DATA, 3);
      assertThat(guest.call("sock_recv", first, VECTOR, 1, 1, COUNT, FLAGS))
          .isEqualTo(Errno.SUCCESS);
      assertThat(budget.used()).isEqualTo(2 * 65_536 + 3);
      assertThat(guest.call("sock_recv", second, VECTOR, 1, 1, COUNT, FLAGS))
          .isEqualTo(Errno.NOBUFS);
      assertThat(receive(first, 3)).isEqualTo("abc");
      assertThat(budget.used()).isEqualTo(2 * 65_536);
      assertThat(guest.call("sock_recv", second, VECTOR, 1, 1, COUNT, FLAGS))
          .isEqualTo(Errno.SUCCESS);
      assertThat(guest.call("fd_close", second)).isEqualTo(Errno.SUCCESS);
      assertThat(budget.used()).isEqualTo(2 * 65_536);
    }
  }

  @Test
  void connectsAndTellsBothAddressesInBothGenerations() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      int fd = open(STREAM);
      address(127, 0, 0, 1);
      assertThat(guest.call("sock_connect", fd, ADDRESS, server.getLocalPort()))
          .isEqualTo(Errno.SUCCESS);
      try (Socket peer = server.accept()) {
        guest.ints(ADDRESS, ADDRESS_BYTES, 16);
        assertThat(guest.call("sock_getpeeraddr", fd, ADDRESS, TYPE, PORT))
            .isEqualTo(Errno.SUCCESS);
        assertThat(guest.read(ADDRESS_BYTES, 4)).containsExactly(127, 0, 0, 1);
        assertThat(guest.i32(TYPE)).isEqualTo(4);
        assertThat(guest.i32(PORT)).isEqualTo(server.getLocalPort());
        guest.ints(ADDRESS, ADDRESS_BYTES, 128);
        assertThat(guest.call("sock_getlocaladdr", fd, ADDRESS, PORT)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.read(ADDRESS_BYTES, 6)).containsExactly(1, 0, 127, 0, 0, 1);
        assertThat(guest.i32(PORT)).isEqualTo(peer.getPort());
        guest.ints(ADDRESS, ADDRESS_BYTES, 5);
        assertThat(guest.call("sock_getlocaladdr", fd, ADDRESS, TYPE, PORT)).isEqualTo(Errno.INVAL);
        assertThat(guest.call("sock_connect", fd, ADDRESS, 1)).isEqualTo(Errno.INVAL);
        address(127, 0, 0, 1);
        assertThat(guest.call("sock_connect", fd, ADDRESS, 1)).isEqualTo(Errno.ISCONN);
      }
    }
  }

  @Test
  void aNonBlockingConnectBecomesWritableAndThenToldByTheErrorOption() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      int fd = open(STREAM);
      nonBlocking(fd);
      address(127, 0, 0, 1);
      Errno connecting = guest.call("sock_connect", fd, ADDRESS, server.getLocalPort());
      assertThat(connecting).isIn(Errno.INPROGRESS, Errno.SUCCESS);
      subscribe(0, 2, fd);
      assertThat(guest.call("poll_oneoff", IN, OUT, 1, COUNT)).isEqualTo(Errno.SUCCESS);
      assertThat(errorOption(fd)).isEqualTo(Errno.SUCCESS);
      try (Socket peer = server.accept()) {
        assertThat(send(fd, "x", "y")).isEqualTo(2);
        assertThat(peer.getInputStream().readNBytes(2)).asString(UTF_8).isEqualTo("xy");
        long cpu = guest.guest().cpuTime().toNanos();
        subscribe(0, 1, fd);
        guest.longs(IN + 48, 2, 0, 1, 400_000_000, 0, 0); // a clock
        assertThat(guest.call("poll_oneoff", IN, OUT, 2, COUNT)).isEqualTo(Errno.SUCCESS);
        assertThat(guest.guest().cpuTime().toNanos() - cpu).isLessThan(40_000_000); // no spin
      }
    }
  }

  @Test
  void anInet6SocketShowsInet4AddressesAsMapped() {
    assertThat(guest.call("sock_open", 2, STREAM, FD)).isEqualTo(Errno.SUCCESS);
    int server = guest.i32(FD);
    address(new int[16]);
    assertThat(guest.call("sock_bind", server, ADDRESS, 0)).isEqualTo(Errno.SUCCESS);
    guest.ints(ADDRESS, ADDRESS_BYTES, 16);
    assertThat(guest.call("sock_getlocaladdr", server, ADDRESS, TYPE, PORT))
        .isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(TYPE)).isEqualTo(6);
    assertThat(guest.read(ADDRESS_BYTES, 16))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1);
    guest.ints(ADDRESS, ADDRESS_BYTES, 4);
    assertThat(guest.call("sock_getlocaladdr", server, ADDRESS, TYPE, PORT)).isEqualTo(Errno.NOMEM);
    assertThat(guest.call("sock_open", 3, STREAM, FD)).isEqualTo(Errno.AFNOSUPPORT);
    assertThat(guest.call("sock_open", INET4, 3, FD)).isEqualTo(Errno.INVAL);
  }

  /** Nagle's algorithm would hold the second write back for the 40 ms of a delayed ACK. */
  @Test
  void smallWritesGoOutAtOnce() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      int connection = accept(server);
      guest.ints(VECTOR, DATA, 1);
      int slow = 0;
      for (int round = 0; round < 60; round++) {
        long start = System.nanoTime();
        assertThat(guest.call("sock_send", connection, VECTOR, 1, 0, COUNT))
            .isEqualTo(Errno.SUCCESS);
        assertThat(guest.call("sock_send", connection, VECTOR, 1, 0, COUNT))
            .isEqualTo(Errno.SUCCESS);
        assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
        slow += System.nanoTime() - start > 35_000_000 ? 1 : 0;
        client.getOutputStream().write('x');
        assertThat(guest.call("fd_read", connection, VECTOR, 1, COUNT)).isEqualTo(Errno.SUCCESS);
      }
      assertThat(slow).isLessThan(20);
    }
  }

  @Test
  void aRefusedConnectionIsToldInBothModes() throws IOException {
    int port = freePort();
    int blocking = open(STREAM);
    address(127, 0, 0, 1);
    assertThat(guest.call("sock_connect", blocking, ADDRESS, port)).isEqualTo(Errno.CONNREFUSED);
    int waiting = open(STREAM);
    nonBlocking(waiting);
    Errno connecting = guest.call("sock_connect", waiting, ADDRESS, port);
    if (connecting == Errno.INPROGRESS) {
      subscribe(0, 2, waiting);
      assertThat(guest.call("poll_oneoff", IN, OUT, 1, COUNT)).isEqualTo(Errno.SUCCESS);
      assertThat(errorOption(waiting)).isEqualTo(Errno.CONNREFUSED);
      assertThat(errorOption(waiting)).isEqualTo(Errno.SUCCESS);
    } else {
      assertThat(connecting).isEqualTo(Errno.CONNREFUSED);
    }
  }

  @Test
  void doesNotReachCloudMetadata() {
    int fd = open(STREAM);
    address(169, 254, 169, 254);
    assertThat(guest.call("sock_connect", fd, ADDRESS, 80)).isEqualTo(Errno.ACCES);
    assertThat(denied).singleElement().asString().contains("connect", "169.254.169.254");
  }

  @Test
  void descriptorsAreBoundedAndTheLowestIsReused() {
    int first = open(STREAM);
    for (int fd = first + 1; fd < 8; fd++) {
      assertThat(open(STREAM)).isEqualTo(fd);
    }
    assertThat(guest.call("sock_open", INET4, STREAM, FD)).isEqualTo(Errno.MFILE);
    assertThat(guest.guest().openDescriptors()).isEqualTo(8);
    assertThat(guest.call("fd_close", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(open(STREAM)).isEqualTo(4);
  }

  @Test
  void aFullTableLeavesAConnectionInTheBacklog() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      assertThat(client.isConnected()).isTrue();
      while (guest.guest().openDescriptors() < 8) {
        open(STREAM);
      }
      assertThat(guest.call("sock_accept", server, FD)).isEqualTo(Errno.MFILE);
      assertThat(guest.call("fd_close", 7)).isEqualTo(Errno.SUCCESS);
      assertThat(accept(server)).isEqualTo(7);
    }
  }

  @Test
  void theThreeArgumentAcceptTakesFlags() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      assertThat(client.isConnected()).isTrue();
      assertThat(guest.call("sock_accept", server, NONBLOCK, FD)).isEqualTo(Errno.SUCCESS);
      int connection = guest.i32(FD);
      assertThat(guest.call("fd_fdstat_get", connection, OUT)).isEqualTo(Errno.SUCCESS);
      assertThat(guest.read(OUT, 4)).containsExactly(6, 0, NONBLOCK, 0);
      assertThat(guest.call("sock_accept_v2", server, 32, FD)).isEqualTo(Errno.INVAL);
    }
  }

  @Test
  void optionsKeepTheirValues() {
    int fd = open(STREAM);
    setOption(fd, 0, 1); // reuse address
    setOption(fd, 7, 1); // keep alive
    setOption(fd, 6, 32_768); // receive buffer
    assertThat(option(fd, 0)).isEqualTo(1);
    assertThat(option(fd, 7)).isEqualTo(1);
    assertThat(option(fd, 6)).isEqualTo(32_768);
    assertThat(option(fd, 1)).isEqualTo(STREAM);
    assertThat(option(fd, 13)).isZero();
    assertThat(option(listen(), 13)).isEqualTo(1);
    guest.ints(DATA, 1);
    assertThat(guest.call("sock_setsockopt", fd, 0, 14, DATA, 4)).isEqualTo(Errno.NOPROTOOPT);
    assertThat(guest.call("sock_setsockopt", fd, 6, 1, DATA, 4)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_setsockopt", fd, 0, 15, DATA, 4)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_setsockopt", fd, 0, 0, DATA, 3)).isEqualTo(Errno.INVAL);
  }

  /** Number, what it is at first, and what the guest may set it to; none for what it may not. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1", // reuse address
    "1, 2, ", // type
    "2, 0, ", // error
    "3, 0, 0", // no routing
    "4, 0, 1", // broadcast
    "5, 65536, 20000", // send buffer
    "6, 65536, 20000", // receive buffer
    "7, 0, 1", // keep alive
    "8, 0, 1", // urgent data inline
    "10, 1, 1", // low water
    "13, 0, " // accepts
  })
  void everyOptionIsKnown(int option, int initial, Integer set) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int fd = open(STREAM);
      assertThat(option(fd, option)).isEqualTo(initial);
      guest.ints(DATA, set == null ? 1 : set);
      assertThat(guest.call("sock_setsockopt", fd, 0, option, DATA, 4))
          .isEqualTo(set == null ? Errno.NOPROTOOPT : Errno.SUCCESS);
      address(127, 0, 0, 1);
      assertThat(guest.call("sock_connect", fd, ADDRESS, server.getLocalPort()))
          .isEqualTo(Errno.SUCCESS);
      assertThat(option(fd, option)).isEqualTo(set == null ? initial : set);
      guest.ints(COUNT, 3);
      assertThat(guest.call("sock_getsockopt", fd, 0, option, DATA, COUNT)).isEqualTo(Errno.INVAL);
    }
  }

  @Test
  void lingerAndTimeoutsHaveFormsOfTheirOwn() {
    int fd = open(STREAM);
    guest.ints(DATA, 1, 7);
    assertThat(guest.call("sock_setsockopt", fd, 0, 9, DATA, 4)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_setsockopt", fd, 0, 9, DATA, 8)).isEqualTo(Errno.SUCCESS);
    guest.ints(COUNT, 8);
    guest.ints(DATA, 0, 0);
    assertThat(guest.call("sock_getsockopt", fd, 0, 9, DATA, COUNT)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i64(DATA)).isEqualTo(7L << 32 | 1);
    for (int option : new int[] {11, 12}) {
      guest.longs(DATA, 2, 1_000_000);
      assertThat(guest.call("sock_setsockopt", fd, 0, option, DATA, 16)).isEqualTo(Errno.DOM);
      guest.longs(DATA, -1, 0);
      assertThat(guest.call("sock_setsockopt", fd, 0, option, DATA, 16)).isEqualTo(Errno.DOM);
      assertThat(guest.call("sock_setsockopt", fd, 0, option, DATA, 8)).isEqualTo(Errno.INVAL);
      guest.longs(DATA, 2, 500_000);
      assertThat(guest.call("sock_setsockopt", fd, 0, option, DATA, 16)).isEqualTo(Errno.SUCCESS);
      guest.ints(COUNT, 16);
      guest.longs(DATA, 0, 0);
      assertThat(guest.call("sock_getsockopt", fd, 0, option, DATA, COUNT))
          .isEqualTo(Errno.SUCCESS);
      assertThat(guest.i64(DATA) * 1_000_000 + guest.i64(DATA + 8)).isEqualTo(2_500_000);
      guest.ints(COUNT, 8);
      assertThat(guest.call("sock_getsockopt", fd, 0, option, DATA, COUNT)).isEqualTo(Errno.INVAL);
    }
    guest.ints(DATA, 0);
    assertThat(guest.call("sock_setsockopt", fd, 0, 5, DATA, 4)).isEqualTo(Errno.INVAL);
    for (int option : new int[] {3, 14}) {
      guest.ints(DATA, 1);
      assertThat(guest.call("sock_setsockopt", fd, 0, option, DATA, 4)).isEqualTo(Errno.NOPROTOOPT);
    }
  }

  @Test
  void aConnectionHasTheOptionsOfItsListener() throws IOException {
    int server = listen();
    setOption(server, 7, 1);
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      assertThat(client.isConnected()).isTrue();
      assertThat(option(accept(server), 7)).isEqualTo(1);
    }
  }

  @Test
  void aReceiveTimeoutEndsTheWait() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      assertThat(client.isConnected()).isTrue();
      int connection = accept(server);
      guest.longs(DATA, 0, 20_000);
      assertThat(guest.call("sock_setsockopt", connection, 0, 11, DATA, 16))
          .isEqualTo(Errno.SUCCESS);
      guest.ints(VECTOR, DATA, 10);
      assertThat(guest.call("sock_recv", connection, VECTOR, 1, 0, COUNT, FLAGS))
          .isEqualTo(Errno.AGAIN);
      guest.ints(COUNT, 16);
      assertThat(guest.call("sock_getsockopt", connection, 0, 11, DATA, COUNT))
          .isEqualTo(Errno.SUCCESS);
      assertThat(guest.i64(DATA + 8)).isEqualTo(20_000);
    }
  }

  @Test
  void readsAndWritesAsAFileToo() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      int connection = accept(server);
      client.getOutputStream().write("ab".getBytes(UTF_8));
      pollForRead(connection);
      guest.ints(VECTOR, DATA, 1, DATA + 16, 8);
      assertThat(guest.call("fd_read", connection, VECTOR, 2, COUNT)).isEqualTo(Errno.SUCCESS);
      assertThat(guest.i32(COUNT)).isEqualTo(2);
      assertThat(guest.text(DATA, 1) + guest.text(DATA + 16, 1)).isEqualTo("ab");
      assertThat(guest.call("fd_write", connection, VECTOR, 1, COUNT)).isEqualTo(Errno.SUCCESS);
      assertThat(client.getInputStream().read()).isEqualTo('a');
      assertThat(guest.call("fd_seek", connection, 0, 0, COUNT)).isEqualTo(Errno.SPIPE);
      assertThat(guest.call("fd_filestat_get", connection, OUT)).isEqualTo(Errno.SUCCESS);
      assertThat(guest.read(OUT + 16, 1)).containsExactly(6);
    }
  }

  @Test
  void aClosedSocketTellsThePeer() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
      assertThat(guest.call("fd_close", accept(server))).isEqualTo(Errno.SUCCESS);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void theEndOfTheGuestClosesEverything() throws IOException {
    int server = listen();
    int port = localPort(server);
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      accept(server);
      guest.close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(guest.guest().openDescriptors()).isZero();
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }
  }

  private int open(int type) {
    assertThat(guest.call("sock_open", INET4, type, FD)).isEqualTo(Errno.SUCCESS);
    return guest.i32(FD);
  }

  private int listen() {
    int server = open(STREAM);
    address(127, 0, 0, 1);
    assertThat(guest.call("sock_bind", server, ADDRESS, 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sock_listen", server, 5)).isEqualTo(Errno.SUCCESS);
    return server;
  }

  private int accept(int server) {
    assertThat(guest.call("sock_accept", server, FD)).isEqualTo(Errno.SUCCESS);
    return guest.i32(FD);
  }

  private void address(int... bytes) {
    guest.ints(ADDRESS, ADDRESS_BYTES, bytes.length);
    byte[] address = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      address[i] = (byte) bytes[i];
    }
    guest.write(ADDRESS_BYTES, address);
  }

  private int localPort(int fd) {
    guest.ints(ADDRESS, ADDRESS_BYTES, 4);
    assertThat(guest.call("sock_getlocaladdr", fd, ADDRESS, TYPE, PORT)).isEqualTo(Errno.SUCCESS);
    return guest.i32(PORT);
  }

  private void nonBlocking(int fd) {
    assertThat(guest.call("fd_fdstat_set_flags", fd, NONBLOCK)).isEqualTo(Errno.SUCCESS);
  }

  private String receive(int fd, int limit) {
    guest.ints(VECTOR, DATA, limit);
    assertThat(guest.call("sock_recv", fd, VECTOR, 1, 0, COUNT, FLAGS)).isEqualTo(Errno.SUCCESS);
    return guest.text(DATA, guest.i32(COUNT));
  }

  private int send(int fd, String first, String second) {
    guest.write(DATA, first);
    guest.write(DATA + 100, second);
    guest.ints(VECTOR, DATA, first.length(), DATA + 100, second.length());
    assertThat(guest.call("sock_send", fd, VECTOR, 2, 0, COUNT)).isEqualTo(Errno.SUCCESS);
    return guest.i32(COUNT);
  }

  private void subscribe(int index, int tag, int fd) {
    guest.longs(IN + 48 * index, 100 + index, tag, fd, 0, 0, 0);
  }

  private void pollForRead(int fd) {
    subscribe(0, 1, fd);
    assertThat(guest.call("poll_oneoff", IN, OUT, 1, COUNT)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(1);
  }

  private void setOption(int fd, int option, int value) {
    guest.ints(DATA, value);
    assertThat(guest.call("sock_setsockopt", fd, 0, option, DATA, 4)).isEqualTo(Errno.SUCCESS);
  }

  private int option(int fd, int option) {
    guest.ints(COUNT, 4);
    assertThat(guest.call("sock_getsockopt", fd, 0, option, DATA, COUNT)).isEqualTo(Errno.SUCCESS);
    return guest.i32(DATA);
  }

  private Errno errorOption(int fd) {
    return Puppet.errno(option(fd, 2));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
