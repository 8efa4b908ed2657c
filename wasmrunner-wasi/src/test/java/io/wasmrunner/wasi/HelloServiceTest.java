package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The committed {@code hello} service, as a client sees it. */
final class HelloServiceTest {
  private static final Path HELLO = Path.of("..", "services", "hello", "hello.wasm");
  private static final int REQUESTS = 100;

  @TempDir private static Path folder;
  private static Engine compiler;
  private static Engine interpreter;

  private final BlockingQueue<InetSocketAddress> listening = new LinkedBlockingQueue<>();
  private final List<String> log = new ArrayList<>();

  @BeforeAll
  static void create() {
    compiler = TestingGuests.compiler(folder);
    interpreter = TestingGuests.interpreter(folder);
  }

  @AfterAll
  static void close() {
    compiler.close();
    interpreter.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = CodeState.class,
      names = {"COMPILED", "INTERPRETED"})
  void servesConcurrentConnections(CodeState state) throws Exception {
    Guest guest = start(state, NioNetwork.loopback(), 0);
    assertThat(guest.codeState()).isEqualTo(state);
    InetSocketAddress address = address();
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> served = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        served.add(clients.submit(() -> requests(address)));
      }
      for (Future<Integer> count : served) {
        assertThat(count.get(60, TimeUnit.SECONDS)).isEqualTo(REQUESTS);
      }
    } finally {
      clients.shutdownNow();
    }
    await().until(() -> guest.openDescriptors() == 4); // the clients have gone
    long polls = guest.hostCalls().get("poll_oneoff").calls();
    guest.stop();
    assertThat(TestingGuests.exit(guest)).isEqualTo(new GuestExit.Stopped());
    assertThat(guest.hostCalls().get("poll_oneoff").calls())
        .isLessThan(polls + 3); // it does not spin
    assertThat(log).singleElement().asString().contains("hello listens");
  }

  private static int requests(InetSocketAddress address) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      for (int i = 0; i < REQUESTS; i++) {
        send(socket, "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(response(socket)).startsWith("HTTP/1.1 200").contains("\"runner\":3");
      }
      return REQUESTS;
    }
  }

  @Test
  void anIdleConnectionCostsNothing() throws Exception {
    Guest guest = start(CodeState.COMPILED, NioNetwork.loopback(), 0);
    InetSocketAddress address = address();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      send(socket, "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(response(socket)).startsWith("HTTP/1.1 200");
      long polls = guest.hostCalls().get("poll_oneoff").calls();
      socket.setSoTimeout(300);
      try {
        socket.getInputStream().read();
      } catch (SocketTimeoutException e) {
        // nothing came, as it should be
      }
      assertThat(guest.hostCalls().get("poll_oneoff").calls() - polls).isLessThan(10);
    } finally {
      guest.stop();
    }
  }

  @Test
  void aListenerIsHandedFromOneGuestToTheNext() throws Exception {
    HandingOver network = new HandingOver();
    Guest first = start(CodeState.COMPILED, network, 0);
    InetSocketAddress address = address();
    first.stop();
    TestingGuests.exit(first);
    try (Socket early = new Socket(address.getAddress(), address.getPort())) {
      send(early, "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      Guest second = start(CodeState.COMPILED, network, address.getPort());
      assertThat(address()).isEqualTo(address);
      assertThat(response(early)).startsWith("HTTP/1.1 200");
      network.over = true;
      second.stop();
      TestingGuests.exit(second);
    }
    assertThat(network.kept.isOpen()).isFalse();
  }

  private Guest start(CodeState state, Network network, int port) {
    Module module =
        state == CodeState.COMPILED
            ? TestingGuests.compiled(compiler, HELLO)
            : interpreter.load(HELLO);
    return Guest.start(
        module,
        GuestConfig.builder("hello")
            .env(
                Map.of(
                    "WR_RUNNER_PORT",
                    String.valueOf(port == 0 ? freePort() : port),
                    "WR_RUNNER_INDEX",
                    "3",
                    "WR_RUNNER_INSTANCES",
                    "4"))
            .network(network)
            .stdout(bytes -> log.add(new String(bytes, StandardCharsets.UTF_8)))
            .listener(
                new GuestListener() {
                  @Override
                  public void listening(InetSocketAddress local) {
                    listening.add(local);
                  }
                })
            .build());
  }

  private InetSocketAddress address() throws InterruptedException {
    InetSocketAddress address = listening.poll(60, TimeUnit.SECONDS);
    assertThat(address).isNotNull();
    return address;
  }

  private static int freePort() {
    try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Head and body by its Content-Length. */
  private static String response(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteBuffer head = ByteBuffer.allocate(4096);
    while (!text(head).endsWith("\r\n\r\n")) {
      int next = in.read();
      assertThat(next).as("after " + text(head)).isNotNegative();
      head.put((byte) next);
    }
    String fields = text(head);
    int at = fields.indexOf("Content-Length: ") + 16;
    int length = Integer.parseInt(fields.substring(at, fields.indexOf('\r', at)));
    return fields + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer head) {
    return StandardCharsets.US_ASCII.decode(head.duplicate().flip()).toString();
  }

  /** Keeps the listener open between guests. */
  private static final class HandingOver implements Network {
    private final Network host = NioNetwork.loopback();
    private ServerSocketChannel kept;
    private volatile boolean over;

    @Override
    public ServerSocketChannel listen(InetSocketAddress requested) throws IOException {
      if (kept == null) {
        kept = host.listen(requested);
      }
      return kept;
    }

    @Override
    public void release(ServerSocketChannel listener) throws IOException {
      if (over) {
        listener.close();
      }
    }

    @Override
    public InetSocketAddress connectTarget(InetSocketAddress requested) throws IOException {
      return host.connectTarget(requested);
    }

    @Override
    public java.nio.channels.SocketChannel openStream(InetSocketAddress local) throws IOException {
      return host.openStream(local);
    }

    @Override
    public java.nio.channels.DatagramChannel openDatagram(InetSocketAddress local)
        throws IOException {
      return host.openDatagram(local);
    }

    @Override
    public InetAddress[] resolve(String name) throws IOException {
      return host.resolve(name);
    }
  }
}
