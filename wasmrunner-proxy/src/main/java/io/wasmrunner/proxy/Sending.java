package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A client's request on its way to a runner that took the connection. Confined to its loop. */
final class Sending {
  private static final CharSequence TRAILER =
      io.vertx.core.http.HttpHeaders.createOptimized("Trailer");

  /** A client that waits for leave to send its body gets it from us after this. */
  private static final long CONTINUE_AFTER_NANOS = 1_000_000_000L;

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final HttpClientRequest out;
  private final ReadStream<Buffer> body;
  private final @Nullable RunnerWire wire;
  private final Runnable moved;
  private final Runnable complete;
  private boolean leaveOwed;
  private boolean headSent;
  private boolean sent;
  private boolean over;

  /**
   * Makes one that has not begun.
   *
   * @param body where the body comes from, paused if there is one
   * @param wire what can send trailers, if anything
   * @param moved runs for each piece of the body
   * @param complete runs once, when everything has been sent
   */
  Sending(
      Exchange exchange,
      HttpClientRequest out,
      ReadStream<Buffer> body,
      @Nullable RunnerWire wire,
      Runnable moved,
      Runnable complete) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.response = exchange.response();
    this.out = out;
    this.body = body;
    this.wire = wire;
    this.moved = moved;
    this.complete = complete;
  }

  /**
   * Sends the head, and the body as it comes.
   *
   * @throws IllegalArgumentException when the header cannot be passed on; nothing was sent then
   */
  void begin(LiveUpstream target, boolean webSocket) {
    ForwardedHeaders.fill(out.headers(), exchange, target);
    exchange.admit(out.headers());
    if (exchange.hasBody()) {
      sendBody();
      return;
    }
    sent();
    if (webSocket) {
      out.putHeader(io.vertx.core.http.HttpHeaders.CONNECTION, "Upgrade");
      out.putHeader(io.vertx.core.http.HttpHeaders.UPGRADE, "websocket");
      out.connect();
    } else {
      out.end();
    }
  }

  /** Whether the runner has everything. */
  boolean isWhole() {
    return sent;
  }

  /** Whether the runner does not take what the client sends. */
  boolean isHeldUp() {
    return out.writeQueueFull();
  }

  /** Whether the client waits for leave to send its body. */
  boolean owesLeave() {
    return leaveOwed;
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

  /** Gives the client leave when the runner has said nothing for long; says whether it did. */
  boolean giveLeaveAfter(long still) {
    if (!leaveOwed || still <= CONTINUE_AFTER_NANOS) {
      return false;
    }
    giveLeave();
    return true;
  }

  private void sendBody() {
    if (RequestBody.isChunked(request)) {
      out.setChunked(true);
      request.headers().getAll(TRAILER).forEach(value -> out.headers().add(TRAILER, value));
    }
    if (RequestBody.isAwaitingLeave(request)) {
      leaveOwed = true;
      out.putHeader(io.vertx.core.http.HttpHeaders.EXPECT, io.vertx.core.http.HttpHeaders.CONTINUE);
      out.continueHandler(leave -> giveLeave());
      out.sendHead();
      headSent = true;
    }
    Pump.start(body, out, this::moved, this::bodySent);
  }

  private void giveLeave() {
    if (leaveOwed && !response.headWritten() && !response.closed()) {
      leaveOwed = false;
      response.writeContinue();
    }
  }

  private void bodySent() {
    if (!over) {
      leaveOwed = false;
      sendTrailers();
      out.end();
      sent();
    }
  }

  private void sendTrailers() {
    HttpHeaders fields = out.isChunked() ? exchange.trailers() : null;
    if (fields != null && wire != null) {
      if (!headSent) {
        out.sendHead(); // Else head and end go out as one.
      }
      wire.trailers(fields);
    }
  }

  private void moved() {
    headSent = true;
    moved.run();
  }

  private void sent() {
    sent = true;
    complete.run();
  }
}
