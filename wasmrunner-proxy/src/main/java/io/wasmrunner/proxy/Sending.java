package io.wasmrunner.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;

/** A client's request on its way to a runner that took the connection. Confined to its loop. */
final class Sending {
  /** A client that waits for leave to send its body gets it from us after this. */
  private static final long CONTINUE_AFTER_NANOS = 1_000_000_000L;

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final HttpClientRequest out;
  private final ReadStream<Buffer> body;
  private final Runnable moved;
  private final Runnable complete;
  private boolean leaveOwed;
  private boolean sent;
  private boolean over;

  /**
   * Makes one that has not begun.
   *
   * @param body where the body comes from, paused if there is one
   * @param moved runs for each piece of the body
   * @param complete runs once, when everything has been sent
   */
  Sending(
      Exchange exchange,
      HttpClientRequest out,
      ReadStream<Buffer> body,
      Runnable moved,
      Runnable complete) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.response = exchange.response();
    this.out = out;
    this.body = body;
    this.moved = moved;
    this.complete = complete;
  }

  /**
   * Sends the head, and the body as it comes.
   *
   * @throws IllegalArgumentException when the header cannot be passed on; nothing was sent then
   */
  void begin(LiveUpstream target, boolean webSocket) {
    ForwardedHeaders.fill(out.headers(), request, target);
    exchange.admit(out.headers());
    if (exchange.hasBody()) {
      sendBody();
      return;
    }
    sent();
    if (webSocket) {
      out.putHeader(HttpHeaders.CONNECTION, "Upgrade");
      out.putHeader(HttpHeaders.UPGRADE, "websocket");
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
    }
    if (RequestBody.isAwaitingLeave(request)) {
      leaveOwed = true;
      out.putHeader(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
      out.continueHandler(leave -> giveLeave());
      out.sendHead();
    }
    Pump.start(body, out, moved, this::bodySent);
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
      out.end();
      sent();
    }
  }

  private void sent() {
    sent = true;
    complete.run();
  }
}
