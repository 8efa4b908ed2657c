package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NameLookupTest {
  private static final int NODE = 1024;
  private static final int SERVICE = 1280;
  private static final int HINTS = 1300;
  private static final int RESULT = 1340;
  private static final int COUNT = 1344;
  private static final int ENTRIES = 2048;
  private static final int SOCKADDRS = 3072;
  private static final int ADDRESSES = 4096;
  private static final int NAMES = 5120;

  private static final int PASSIVE = 1;
  private static final int CANONICAL = 2;
  private static final int NUMERIC_HOST = 4;
  private static final int NUMERIC_SERVICE = 8;
  private static final int MAPPED = 16;
  private static final int ALL = 32;

  @TempDir private static Path folder;
  private static Module module;
  private final FakeNames names = new FakeNames();
  private Puppet guest;

  @BeforeAll
  static void load() {
    module = TestingGuests.interpreter(folder).load(Puppet.module(folder));
  }

  @BeforeEach
  void start() {
    guest = Puppet.start(module, builder -> builder.network(names));
    for (int i = 0; i < 4; i++) {
      int next = i == 3 ? 0 : ENTRIES + 28 * (i + 1);
      guest.ints(ENTRIES + 28 * i, 0, 0, 0, SOCKADDRS + 12 * i, 0, 0, next);
      guest.ints(SOCKADDRS + 12 * i, 0, 14, ADDRESSES + 26 * i);
    }
    guest.ints(RESULT, ENTRIES);
  }

  @AfterEach
  void stop() {
    names.release.countDown();
    guest.close();
  }

  @Test
  void fillsTheGuestsListIpv4First() {
    hints(0, 0, 2);
    assertThat(lookup("two.test\0", "8080\0", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(2);
    assertThat(guest.read(ENTRIES, 5)).containsExactly(0, 0, 1, 2, 1);
    assertThat(guest.i32(ENTRIES + 8)).isEqualTo(16);
    assertThat(guest.i32(SOCKADDRS)).isEqualTo(1);
    assertThat(guest.i32(SOCKADDRS + 4)).isEqualTo(14);
    assertThat(guest.read(ADDRESSES, 6)).containsExactly(0x1f, 0x90 - 256, 10, 0, 0, 1);
    assertThat(guest.read(ENTRIES + 28, 5)).containsExactly(0, 0, 2, 2, 1);
    assertThat(guest.read(ADDRESSES + 26 + 2 + 4 + 15, 1)).containsExactly(9);
  }

  @Test
  void honoursFamilyTypeAndLength() {
    hints(0, 2, 1);
    assertThat(lookup("two.test", "https", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(1);
    assertThat(guest.read(ENTRIES + 2, 3)).containsExactly(2, 1, 2);
    assertThat(guest.read(ADDRESSES, 2)).containsExactly(1, 443 - 256 - 256);
    hints(0, 0, 2);
    assertThat(lookup("two.test", "", 1)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(1);
  }

  @Test
  void tellsWhatIsWrong() {
    hints(0, 0, 2);
    assertThat(lookup("nowhere.test", "80", 4)).isEqualTo(Errno.AINONAME);
    assertThat(lookup("two.test", "no-such-service", 4)).isEqualTo(Errno.AISERVICE);
    assertThat(lookup("two.test", "65536", 4)).isEqualTo(Errno.AISERVICE);
    assertThat(lookup("two.test", "80", 0)).isEqualTo(Errno.AIMEMORY);
    assertThat(lookup("broken.test", "80", 4)).isEqualTo(Errno.AIFAIL);
    guest.ints(RESULT, -5);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.FAULT);
  }

  @Test
  void refusesWhatTheHintsMustNotAskFor() {
    hints(0, 0, 2);
    assertThat(lookup("", "", 4)).isEqualTo(Errno.AINONAME);
    assertThat(lookup("\0", "\0", 4)).isEqualTo(Errno.AINONAME);
    assertThat(lookup("x".repeat(257), "80", 4)).isEqualTo(Errno.AINONAME);
    hints(128, 0, 2);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.AIBADFLAG);
    hints(CANONICAL, 0, 2);
    assertThat(lookup("", "80", 4)).isEqualTo(Errno.AIBADFLAG);
    hints(0, 3, 2);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.AIFAMILY);
    hints(0, 0, 3);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.NOSYS);
    hints(NUMERIC_HOST, 0, 2);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.AINONAME);
    hints(NUMERIC_SERVICE, 0, 2);
    assertThat(lookup("two.test", "http", 4)).isEqualTo(Errno.AINONAME);
    hints(0, 2, 2);
    assertThat(lookup("four.test", "80", 4)).isEqualTo(Errno.AINODATA);
  }

  @Test
  void withoutANameItIsThisHost() {
    hints(0, 0, 2);
    assertThat(lookup("", "80", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(2);
    assertThat(guest.read(ADDRESSES, 6)).containsExactly(0, 80, 127, 0, 0, 1);
    hints(PASSIVE, 2, 2);
    assertThat(lookup("", "80", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(1);
    assertThat(guest.read(ADDRESSES + 6, 16)).containsOnly(0);
  }

  @Test
  void givesInet4AddressesAsInet6OnesWhereThatIsAskedFor() {
    hints(MAPPED, 2, 2);
    assertThat(lookup("four.test", "80", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.read(ADDRESSES + 6, 16))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(1); // it has one of its own
    hints(MAPPED | ALL, 2, 2);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(COUNT)).isEqualTo(2);
  }

  @Test
  void givesTheCanonicalNameAsFarAsThereIsRoom() {
    hints(CANONICAL, 0, 2);
    guest.ints(ENTRIES + 16, NAMES, 30);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.i32(ENTRIES + 20)).isEqualTo(8);
    assertThat(guest.text(NAMES, 9)).isEqualTo("two.test\0");
    guest.ints(ENTRIES + 16, NAMES, 4);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.text(NAMES, 5)).isEqualTo("two\0t");
    guest.ints(ENTRIES + 16, -1, 30);
    assertThat(lookup("two.test", "80", 4)).isEqualTo(Errno.FAULT);
  }

  @Test
  void aSlowLookupDoesNotKeepTheGuestFromStopping() {
    hints(0, 0, 2);
    guest.write(NODE, "slow.test");
    guest.begin("sock_getaddrinfo", NODE, 9, SERVICE, 0, HINTS, RESULT, 4, COUNT);
    assertThat(guest.waits(50)).isTrue();
    guest.guest().stop();
    assertThat(TestingGuests.exit(guest.guest())).isEqualTo(new GuestExit.Stopped());
  }

  private void hints(int flags, int family, int type) {
    guest.write(HINTS, (byte) flags, (byte) 0, (byte) family, (byte) type);
  }

  private Errno lookup(String node, String service, int limit) {
    guest.write(NODE, node);
    guest.write(SERVICE, service);
    return guest.call(
        "sock_getaddrinfo",
        NODE,
        node.length(),
        SERVICE,
        service.length(),
        HINTS,
        RESULT,
        limit,
        COUNT);
  }

  private static final class FakeNames implements Network {
    final CountDownLatch release = new CountDownLatch(1);

    @Override
    public InetAddress[] resolve(String host) throws IOException {
      switch (host) {
        case "two.test" -> {
          byte[] six = new byte[16];
          six[15] = 9;
          return new InetAddress[] {
            InetAddress.getByAddress(six), InetAddress.getByAddress(new byte[] {10, 0, 0, 1})
          };
        }
        case "four.test" -> {
          return new InetAddress[] {InetAddress.getByAddress(new byte[] {10, 0, 0, 1})};
        }
        case "slow.test" -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return new InetAddress[0];
        }
        case "broken.test" -> throw new IOException("resolver down");
        default -> throw new UnknownHostException(host);
      }
    }

    @Override
    public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
      throw new NetworkDeniedException("not here");
    }

    @Override
    public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
      throw new NetworkDeniedException("not here");
    }

    @Override
    public SocketChannel openStream(InetSocketAddress local) throws IOException {
      throw new NetworkDeniedException("not here");
    }

    @Override
    public DatagramChannel openDatagram(InetSocketAddress local) throws IOException {
      throw new NetworkDeniedException("not here");
    }
  }
}
