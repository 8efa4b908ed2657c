package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One GET over a fresh connection, of which only the status matters: what a probe needs, so that
 * each probe also proves that the guest still accepts connections. Reads at most 64 KiB.
 */
final class HttpStatusRequest {
  private static final Logger LOG = LoggerFactory.getLogger(HttpStatusRequest.class);
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})\\b.*");
  private static final int LINE_LIMIT = 1024;
  private static final int ANSWER_LIMIT = 64 << 10;

  private final AsynchronousSocketChannel channel;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(4096);
  private final StringBuilder line = new StringBuilder();
  private int received;

  private HttpStatusRequest(AsynchronousSocketChannel channel) {
    this.channel = channel;
  }

  /** The status of the answer; fails when there is none in time. */
  static CompletableFuture<Integer> send(RunnerAddress target, String path, Duration timeout) {
    try {
      // Runners have literal addresses: nothing is looked up here.
      InetAddress host = InetAddress.getByName(target.host());
      AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
      HttpStatusRequest request = new HttpStatusRequest(channel);
      CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .execute(request::expire);
      channel.connect(
          new InetSocketAddress(host, target.port()),
          null,
          request.then(connected -> request.write(request.head(target, path))));
      return request.status;
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private ByteBuffer head(RunnerAddress target, String path) {
    String head =
        "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: wasmrunner-probe\r\nConnection: close\r\n\r\n"
            .formatted(path, target);
    return ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8));
  }

  private void write(ByteBuffer head) {
    channel.write(
        head,
        null,
        then(
            written -> {
              if (head.hasRemaining()) {
                write(head);
              } else {
                read();
              }
            }));
  }

  private void read() {
    channel.read(
        buffer.clear(),
        null,
        then(
            count -> {
              if (count < 0) {
                fail(new IOException("connection closed before an answer"));
                return;
              }
              received += count;
              if (!status.isDone()) {
                take(buffer.flip());
              }
              if (received < ANSWER_LIMIT) {
                read();
              } else {
                close();
              }
            }));
  }

  private void take(ByteBuffer bytes) {
    while (bytes.hasRemaining() && !status.isDone()) {
      char next = (char) (bytes.get() & 0xff);
      if (next != '\n') {
        line.append(next);
      }
      if (next != '\n' && line.length() < LINE_LIMIT) {
        continue;
      }
      Matcher matcher = STATUS_LINE.matcher(line.toString().strip());
      if (!matcher.matches()) {
        fail(new IOException("the answer is no HTTP"));
        return;
      }
      status.complete(Integer.valueOf(matcher.group(1)));
    }
  }

  private void expire() {
    fail(new IOException("no answer in time"));
  }

  private void fail(Throwable cause) {
    status.completeExceptionally(cause);
    close();
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a probe's connection failed", e);
    }
  }

  private <T> CompletionHandler<T, Void> then(java.util.function.Consumer<T> next) {
    return new CompletionHandler<>() {
      @Override
      public void completed(T result, Void none) {
        next.accept(result);
      }

      @Override
      public void failed(Throwable cause, Void none) {
        fail(cause);
      }
    };
  }
}
