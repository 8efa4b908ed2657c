package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PollTest {
  private static final int CLOCK = 0;
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;

  private static final int FD = 1024;
  private static final int ADDRESS = 1032;
  private static final int COUNT = 1048;
  private static final int SCRATCH = 1056;
  private static final int IN = 2048;
  private static final int OUT = 8192;

  @TempDir private static Path folder;
  private static Module module;

  private Puppet guest;
  private int subscriptions;

  private record Event(long userdata, int error, int type, long bytes, int flags) {}

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
  }

  @BeforeEach
  void start() {
    Clock clock = Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC);
    guest = Puppet.start(module, builder -> builder.clock(clock));
  }

  @AfterEach
  void stop() {
    guest.close();
  }

  @Test
  void aRelativeClockFiresAfterItsTime() {
    clock(7, MONOTONIC, 30_000_000, 0);
    long start = System.nanoTime();
    assertThat(poll()).containsExactly(new Event(7, 0, CLOCK, 0, 0));
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
  }

  @Test
  void anAbsoluteClockInThePastFiresAtOnce() {
    clock(7, REALTIME, 999_000_000_000L, 1);
    clock(8, REALTIME, 1_000_000_000_000_000L, 1);
    assertThat(poll()).containsExactly(new Event(7, 0, CLOCK, 0, 0));
  }

  @Test
  void theEarliestClockWins() {
    clock(1, MONOTONIC, 60_000_000_000L, 0);
    clock(2, REALTIME, 10_000_000, 0);
    clock(3, MONOTONIC, -1, 0); // never
    assertThat(poll()).containsExactly(new Event(2, 0, CLOCK, 0, 0));
  }

  @Test
  void anUnknownClockIsAnEventWithAnError() {
    clock(4, 9, 1, 0);
    assertThat(poll()).containsExactly(new Event(4, Errno.INVAL.code(), CLOCK, 0, 0));
  }

  @Test
  void aBadDescriptorIsAnEventWithAnError() {
    descriptor(5, READ, 77);
    descriptor(6, WRITE, 1);
    assertThat(poll())
        .containsExactly(new Event(5, Errno.BADF.code(), READ, 0, 0), new Event(6, 0, WRITE, 1, 0));
  }

  @Test
  void aSecondSubscriptionForTheSameIsAnEventThatSaysSo() {
    descriptor(1, WRITE, 1);
    descriptor(2, WRITE, 1);
    assertThat(poll())
        .containsExactly(
            new Event(1, 0, WRITE, 1, 0), new Event(2, Errno.EXIST.code(), WRITE, 0, 0));
    assertThat(poll()).hasSize(2); // and a second poll starts afresh
  }

  @Test
  void oneDescriptorMayGiveAnEventForReadingAndOneForWriting() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
      int connection = accept(server);
      descriptor(1, READ, connection);
      descriptor(2, WRITE, connection);
      clock(3, MONOTONIC, 60_000_000_000L, 0);
      assertThat(poll()).containsExactly(new Event(2, 0, WRITE, 1, 0));
      client.getOutputStream().write('x');
      subscriptions = 0;
      descriptor(1, READ, connection);
      assertThat(poll()).containsExactly(new Event(1, 0, READ, 1, 0));
      subscriptions = 0;
      descriptor(1, READ, connection);
      descriptor(2, WRITE, connection);
      assertThat(poll()).containsExactly(new Event(1, 0, READ, 1, 0), new Event(2, 0, WRITE, 1, 0));
    }
  }

  @Test
  void aListenerIsReadyForReadingWhenAConnectionWaitsAndNeverForWriting() throws IOException {
    int server = listen();
    descriptor(1, READ, server);
    descriptor(2, WRITE, server);
    clock(3, MONOTONIC, 20_000_000, 0);
    assertThat(poll()).containsExactly(new Event(3, 0, CLOCK, 0, 0));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
      assertThat(client.isConnected()).isTrue();
      subscriptions = 0;
      descriptor(1, READ, server);
      descriptor(2, WRITE, server);
      assertThat(poll()).containsExactly(new Event(1, 0, READ, 1, 0));
      assertThat(poll()).containsExactly(new Event(1, 0, READ, 1, 0)); // level-triggered
    }
  }

  @Test
  void manyConnectionsAreWatchedAtOnceAndOnlyTheReadyOnesReported() throws IOException {
    int server = listen();
    List<Socket> clients = new ArrayList<>();
    List<Integer> connections = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(new Socket(InetAddress.getLoopbackAddress(), port(server)));
      connections.add(accept(server));
    }
    for (int wanted : new int[] {3, 11, 19}) {
      OutputStream out = clients.get(wanted).getOutputStream();
      out.write('x');
      subscriptions = 0;
      connections.forEach(fd -> descriptor(fd, READ, fd));
      assertThat(poll()).containsExactly(new Event(connections.get(wanted), 0, READ, 1, 0));
      guest.ints(SCRATCH, SCRATCH + 32, 16);
      assertThat(
              guest.call("sock_recv", connections.get(wanted), SCRATCH, 1, 0, COUNT, SCRATCH + 16))
          .isEqualTo(Errno.SUCCESS);
    }
    for (Socket client : clients) {
      client.close();
    }
  }

  @Test
  void whatIsNotAskedForDoesNotWakeEvenWhenItWasBefore() throws IOException {
    int server = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
      int connection = accept(server);
      descriptor(1, READ, connection);
      clock(2, MONOTONIC, 5_000_000, 0);
      assertThat(poll()).containsExactly(new Event(2, 0, CLOCK, 0, 0));
      client.getOutputStream().write('x');
      subscriptions = 0;
      clock(3, MONOTONIC, 400_000_000, 0);
      long cpu = guest.guest().cpuTime().toNanos();
      assertThat(poll()).containsExactly(new Event(3, 0, CLOCK, 0, 0));
      assertThat(guest.guest().cpuTime().toNanos() - cpu).isLessThan(40_000_000);
      subscriptions = 0;
      descriptor(4, READ, connection);
      assertThat(poll()).containsExactly(new Event(4, 0, READ, 1, 0));
    }
  }

  @Test
  void aHangUpIsFlaggedAfterBothDirectionsHaveEnded() throws IOException {
    int server = listen();
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server));
    int connection = accept(server);
    client.close();
    descriptor(1, READ, connection);
    assertThat(poll()).containsExactly(new Event(1, 0, READ, 1, 0));
    guest.ints(SCRATCH, SCRATCH + 32, 16);
    assertThat(guest.call("sock_recv", connection, SCRATCH, 1, 0, COUNT, SCRATCH + 16))
        .isEqualTo(Errno.SUCCESS);
    guest.call("sock_shutdown", connection, 2);
    assertThat(poll()).containsExactly(new Event(1, 0, READ, 0, 1));
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(guest.call("poll_oneoff", IN, OUT, 0, COUNT)).isEqualTo(Errno.INVAL);
    descriptor(1, 7, 1);
    assertThat(guest.call("poll_oneoff", IN, OUT, 1, COUNT)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("poll_oneoff", IN, OUT, 1 << 20, COUNT)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("poll_oneoff", 131_072 - 47, OUT, 1, COUNT)).isEqualTo(Errno.FAULT);
    assertThat(guest.call("poll_oneoff", IN, 131_072 - 31, 1, COUNT)).isEqualTo(Errno.FAULT);
    assertThat(guest.call("poll_oneoff", IN, OUT, 1, -1)).isEqualTo(Errno.FAULT);
  }

  @Test
  void anEndlessWaitIsNoSignOfAHangAndEndsByStop() {
    int server = listen();
    descriptor(1, READ, server);
    guest.begin("epoll_oneoff", IN, OUT, subscriptions, COUNT);
    assertThat(guest.waits(50)).isTrue();
    assertThat(guest.guest().sinceLastHostCall()).isZero();
    long start = System.nanoTime();
    guest.guest().stop();
    assertThat(TestingGuests.exit(guest.guest())).isEqualTo(new GuestExit.Stopped());
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
  }

  private void clock(long userdata, int clock, long timeout, int flags) {
    guest.longs(IN + 48 * subscriptions++, userdata, CLOCK, clock, timeout, 0, flags);
  }

  private void descriptor(long userdata, int tag, int fd) {
    guest.longs(IN + 48 * subscriptions++, userdata, tag, fd, 0, 0, 0);
  }

  private List<Event> poll() {
    assertThat(guest.call("poll_oneoff", IN, OUT, subscriptions, COUNT)).isEqualTo(Errno.SUCCESS);
    ByteBuffer events =
        ByteBuffer.wrap(guest.read(OUT, 32 * guest.i32(COUNT))).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> found = new ArrayList<>();
    for (int at = 0; at < events.limit(); at += 32) {
      found.add(
          new Event(
              events.getLong(at),
              events.getShort(at + 8),
              events.get(at + 10),
              events.getLong(at + 16),
              events.getShort(at + 24)));
    }
    return found;
  }

  private int listen() {
    assertThat(guest.call("sock_open", 1, 2, FD)).isEqualTo(Errno.SUCCESS);
    int server = guest.i32(FD);
    guest.ints(ADDRESS, ADDRESS + 8, 4, 0);
    assertThat(guest.call("sock_bind", server, ADDRESS, 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sock_listen", server, 50)).isEqualTo(Errno.SUCCESS);
    return server;
  }

  private int port(int server) {
    guest.ints(ADDRESS, SCRATCH, 16);
    assertThat(guest.call("sock_getlocaladdr", server, ADDRESS, COUNT)).isEqualTo(Errno.SUCCESS);
    return guest.i32(COUNT);
  }

  private int accept(int server) {
    assertThat(guest.call("sock_accept", server, FD)).isEqualTo(Errno.SUCCESS);
    return guest.i32(FD);
  }
}
