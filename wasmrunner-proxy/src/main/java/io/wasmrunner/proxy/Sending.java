package io.wasmrunner.proxy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's request on its way to a runner that took the connection. Confined to its loop. */
final class Sending {
  private static final CharSequence TRAILER = HttpHeaders.createOptimized("Trailer");

  /** A client that waits for leave to send its body gets it from us after this. */
  private static final long CONTINUE_AFTER_NANOS = 1_000_000_000L;

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final RunnerConnection out;
  private final ReadStream<Buffer> body;
  private final Runnable moved;
  private final Runnable complete;
  private final Consumer<RuntimeException> failed;
  private final BodyRate rate;
  private @Nullable HttpRequest head;
  private boolean chunked;
  private boolean leaveOwed;
  private boolean waiting;
  private boolean sent;
  private boolean over;

  /**
   * Makes one that has not begun.
   *
   * @param body where the body comes from, paused if there is one
   * @param moved runs for each piece of the body
   * @param complete runs once, when everything has been sent
   * @param failed hears that the body or its trailer cannot be sent
   */
  Sending(
      Exchange exchange,
      RunnerConnection out,
      ReadStream<Buffer> body,
      Runnable moved,
      Runnable complete,
      Consumer<RuntimeException> failed) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.response = exchange.response();
    this.out = out;
    this.body = body;
    this.moved = moved;
    this.complete = complete;
    this.failed = failed;
    this.rate = new BodyRate(exchange.loop().options().edge().minBodyRate());
  }

  /**
   * Sends the head, and the body as it comes.
   *
   * @throws IllegalArgumentException when the header cannot be passed on; nothing was sent then
   */
  void begin(LiveUpstream target, boolean webSocket) {
    HeadersMultiMap fields = ForwardedHeaders.of(exchange, target);
    exchange.admit(fields);
    if (exchange.hasBody()) {
      sendBody(fields);
      return;
    }
    if (webSocket) {
      fields.set(HttpHeaders.CONNECTION, "Upgrade");
      fields.set(HttpHeaders.UPGRADE, "websocket");
    }
    HttpRequest whole =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            request.method().toNetty(),
            exchange.uri(),
            Unpooled.EMPTY_BUFFER,
            fields,
            EmptyHttpHeaders.INSTANCE);
    sent();
    out.write(whole);
    out.flush();
  }

  /** Whether the runner has everything. */
  boolean isWhole() {
    return sent;
  }

  /** Whether the runner does not take what the client sends. */
  boolean isHeldUp() {
    return !out.isWritable();
  }

  /** Whether the client sends its body more slowly than it may; to be asked every tick. */
  boolean isTooSlow(long now) {
    if (leaveOwed || isHeldUp()) {
      // What it has no leave for, or the runner does not take, is not its fault.
      rate.begin(now, request.bytesRead());
      return false;
    }
    return rate.isTooLow(now, request.bytesRead());
  }

  /** Nothing of it is passed on any more. */
  void abandon() {
    over = true;
    leaveOwed = false;
  }

  /** The client needs no leave any more: its answer has begun. */
  void answered() {
    leaveOwed = false;
  }

  /** Gives the client leave to send its body, if it waits for that. */
  void giveLeave() {
    if (leaveOwed && !response.headWritten() && !response.closed()) {
      leaveOwed = false;
      response.writeContinue();
    }
  }

  /** The same when the runner has said nothing for long; says whether it did. */
  boolean giveLeaveAfter(long still) {
    if (!leaveOwed || still <= CONTINUE_AFTER_NANOS) {
      return false;
    }
    giveLeave();
    return true;
  }

  /** The runner takes more. */
  void writable() {
    if (waiting && !over) {
      waiting = false;
      moved.run();
      body.resume();
    }
  }

  private void sendBody(HeadersMultiMap fields) {
    rate.begin(exchange.loop().deadlines().preciseNow(), request.bytesRead());
    chunked = RequestBody.isChunked(request);
    if (chunked) {
      fields.set(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.CHUNKED);
      request.headers().getAll(TRAILER).forEach(value -> fields.add(TRAILER, value));
    }
    leaveOwed = RequestBody.isAwaitingLeave(request);
    if (leaveOwed) {
      fields.set(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
    }
    head =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, request.method().toNetty(), exchange.uri(), fields);
    if (leaveOwed) {
      writeHead();
      out.flush();
    }
    body.handler(this::pass);
    body.endHandler(this::passedAll);
    body.resume();
    if (head != null) {
      // Mostly the first piece came in the same read, and both go out in one write. If not, the
      // head must not wait: the client may, for what the runner says to it.
      exchange.loop().context().runOnContext(endOfTurn -> sendHead());
    }
  }

  private void sendHead() {
    if (over || head == null) {
      return;
    }
    try {
      writeHead();
      out.flush();
    } catch (RuntimeException e) {
      failed.accept(e);
    }
  }

  /** Writes the head unless it has been. */
  private void writeHead() {
    if (head != null) {
      out.write(head);
      head = null;
    }
  }

  private void pass(Buffer piece) {
    if (over) {
      return;
    }
    moved.run();
    try {
      writeHead();
      out.write(new DefaultHttpContent(((BufferInternal) piece).getByteBuf()));
      out.flush();
    } catch (RuntimeException e) {
      failed.accept(e);
      return;
    }
    if (!out.isWritable()) {
      waiting = true;
      body.pause();
    }
  }

  private void passedAll(Void end) {
    if (over) {
      return;
    }
    leaveOwed = false;
    try {
      writeHead();
      out.write(last());
      out.flush();
    } catch (RuntimeException e) {
      failed.accept(e);
      return;
    }
    sent();
  }

  private LastHttpContent last() {
    io.netty.handler.codec.http.HttpHeaders trailers = chunked ? exchange.trailers() : null;
    return trailers == null
        ? LastHttpContent.EMPTY_LAST_CONTENT
        : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers);
  }

  private void sent() {
    sent = true;
    complete.run();
  }
}
