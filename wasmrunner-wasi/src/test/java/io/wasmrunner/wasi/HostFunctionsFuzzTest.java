package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.endive.runtime.HostFunction;

/**
 * Every host function with pointers, lengths and numbers that no honest guest passes, over the
 * memory that guests really have. It may give any result, or end the guest by a way that is meant
 * for it; it may not fail in the host, write outside of the memory, or keep the thread when it is
 * interrupted.
 */
final class HostFunctionsFuzzTest {
  private static final int CASES_PER_GUEST = 250;
  private static final int PAGE = GuestMemory.PAGE_BYTES;
  private static final int END = 3 * PAGE;
  private static final int NAME = 512;
  private static final byte[] SERVER = "service.test".getBytes(StandardCharsets.UTF_8);

  private static final long[] NUMBERS = {
    -1,
    0,
    1,
    2,
    3,
    4,
    8,
    12,
    16,
    48,
    100,
    128,
    NAME,
    NAME + 16,
    NAME + 21,
    1024,
    1025,
    PAGE,
    END - 1,
    END - 4,
    END - 8,
    END - 16,
    END,
    END + 1,
    4 * PAGE - 1,
    0x7fff_ffff,
    0x8000_0000L,
    0xffff_fff0L,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  @TempDir private static Path folder;
  private final Map<String, Integer> results = new TreeMap<>();

  /** One guest's host side, without a guest: the test calls in its place. */
  private static final class Side implements AutoCloseable {
    final LinearMemory memory;
    final WasiHost host;
    final List<HostFunction> functions;

    Side(Path files, Random random) throws IOException {
      GuestConfig config =
          GuestConfig.builder("fuzz")
              .network(new Loopback())
              .preopens(List.of(Preopen.readWrite(files, "/")))
              .build();
      assertThat(config.budget().tryReserve(2 * PAGE)).isTrue();
      memory = LinearMemory.allocate(2, 16, false, config.budget(), () -> 0);
      assertThat(memory.grow(1)).isEqualTo(2); // four pages are reserved, the last is nobody's
      fill(random);
      var descriptors = new DescriptorTable(64, config.descriptorBudget(), () -> 0);
      host = new WasiHost(config, memory, descriptors, Runnable::run);
      Preopens.open(config).addTo(descriptors);
      functions = bind();
      open();
    }

    /** Numbers and pointers of the same kind, so that what pointers point to is hostile too. */
    private void fill(Random random) {
      for (int at = 0; at < END; at += 4) {
        memory.putI32(at, (int) number(random));
      }
      memory.putBytes(NAME, SERVER);
      memory.putU8(NAME + SERVER.length, 0);
      memory.putBytes(NAME + 16, "a/../b".getBytes(StandardCharsets.UTF_8));
    }

    private List<HostFunction> bind() {
      List<ImportCheck.Linked> all = WasiFunctions.all().stream().map(Side::linked).toList();
      return Arrays.stream(
              new HostCalls(all, new GuestThread(() -> {}, "fuzz", 0)).bind(host).functions())
          .map(HostFunction.class::cast)
          .toList();
    }

    private static ImportCheck.Linked linked(WasiFunction function) {
      return new ImportCheck.Linked(
          new ModuleImport(function.module(), function.name(), function.signature()),
          TestingModules.type(function.signature()),
          function);
    }

    /** Sockets of every kind, all but one non-blocking. */
    private void open() throws IOException {
      for (int family = 1; family <= 2; family++) {
        for (int i = 0; i < 3; i++) {
          host.descriptors().add(new StreamSocket(host.sockets(), family));
          host.descriptors().add(new DatagramSocket(host.sockets(), family));
        }
      }
      var listener = new StreamSocket(host.sockets(), 1);
      listener.listen();
      host.descriptors().add(listener);
      var client = new StreamSocket(host.sockets(), 1);
      client.connect(listener.localAddress());
      host.descriptors().add(client);
      host.descriptors().add(listener.accept());
      for (int fd = 5; fd < 19; fd++) {
        host.descriptors().require(fd).flags(Descriptor.NONBLOCK);
      }
    }

    void assertNothingEscaped() {
      ByteBuffer all = memory.buffer.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
      for (int at = memory.buffer.limit(); at < all.capacity(); at += 8) {
        assertThat(all.getLong(at)).isZero();
      }
    }

    @Override
    public void close() {
      host.close();
      memory.release();
    }
  }

  private static long number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(END);
      case 1 -> random.nextInt(20);
      default -> NUMBERS[random.nextInt(NUMBERS.length)];
    };
  }

  @Test
  void noPointerOrLengthBringsTheHostDown() {
    List<WasiFunction> all = WasiFunctions.all();
    Side[] side = new Side[1];
    try (Impatience impatience = new Impatience()) {
      FuzzSettings.run(
          5_000,
          (number, random) -> {
            if (side[0] == null || number % CASES_PER_GUEST == 0) {
              if (side[0] != null) {
                side[0].assertNothingEscaped();
                side[0].close();
              }
              side[0] = new Side(folder, random);
            }
            int index = number % all.size();
            call(all.get(index), side[0].functions.get(index), random, impatience);
          });
    } finally {
      if (side[0] != null) {
        side[0].assertNothingEscaped();
        side[0].close();
      }
    }
    FuzzSettings.report("Results of host functions", results);
    assertThat(results).containsKeys("SUCCESS", "FAULT", "INVAL", "BADF", "NOTSOCK", "AGAIN");
  }

  private void call(
      WasiFunction function, HostFunction code, Random random, Impatience impatience) {
    long[] args = new long[function.signature().indexOf(':')];
    for (int i = 0; i < args.length; i++) {
      args[i] = number(random);
      if (function.signature().charAt(i) == 'i' && random.nextBoolean()) {
        args[i] = (int) args[i]; // engines give either extension
      }
    }
    if (args.length > 0 && ofDescriptor(function) && random.nextInt(8) > 0) {
      args[0] = random.nextInt(20);
    }
    if (function.name().equals("new_codec") && random.nextBoolean()) {
      args = new long[] {0, NAME, SERVER.length};
    }
    String result;
    impatience.begin(Thread.currentThread());
    try {
      int code32 = (int) code.handle().apply(null, args)[0];
      result =
          function.module().equals(TlsFunctions.MODULE)
              ? "tls " + Math.min(code32, 0)
              : Puppet.errno(code32).name();
    } catch (GuestStoppedException e) {
      result = "interrupted";
    } catch (ProcExitException e) {
      result = "exit";
    } catch (RuntimeException | Error e) {
      throw new AssertionError(function.name() + Arrays.toString(args), e);
    } finally {
      impatience.end();
    }
    results.merge(result, 1, Integer::sum);
  }

  /** Its first parameter is a descriptor, or a codec. */
  private static boolean ofDescriptor(WasiFunction function) {
    return !List.of("sock_open", "sock_open_v2", "sock_getaddrinfo").contains(function.name())
        && (function.module().equals(TlsFunctions.MODULE)
            || function.name().startsWith("fd_")
            || function.name().startsWith("path_")
            || function.name().startsWith("sock_"));
  }

  /** Interrupts a call that waits, as stopping its guest would. */
  private static final class Impatience implements AutoCloseable {
    private static final long MILLIS = 10;

    private final Thread watcher = new Thread(this::watch, "impatience");
    private volatile Thread caller;
    private volatile int calls;

    Impatience() {
      watcher.setDaemon(true);
      watcher.start();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread
    void begin(Thread thread) {
      calls++;
      caller = thread;
    }

    void end() {
      caller = null;
      Thread.interrupted();
    }

    private void watch() {
      int last = 0;
      try {
        while (true) {
          Thread.sleep(MILLIS);
          Thread waiting = caller;
          if (calls == last && waiting != null) {
            waiting.interrupt();
          }
          last = calls;
        }
      } catch (InterruptedException e) {
        return;
      }
    }

    @Override
    public void close() {
      watcher.interrupt();
    }
  }

  /** Nothing leaves this host, and nothing is resolved. */
  private static final class Loopback implements Network {
    private final Network real = NioNetwork.loopback();

    @Override
    public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
      return real.listen(new InetSocketAddress(requested.getAddress(), 0));
    }

    @Override
    public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
      if (!requested.getAddress().isLoopbackAddress()) {
        throw new NetworkDeniedException("beyond this host");
      }
      return requested;
    }

    @Override
    public SocketChannel openStream(InetSocketAddress local) throws IOException {
      return real.openStream(local);
    }

    @Override
    public DatagramChannel openDatagram(InetSocketAddress local) throws IOException {
      return real.openDatagram(local);
    }

    @Override
    public InetAddress[] resolve(String host) throws IOException {
      if (host.length() % 2 == 0) {
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
      }
      throw new UnknownHostException(host);
    }
  }
}
