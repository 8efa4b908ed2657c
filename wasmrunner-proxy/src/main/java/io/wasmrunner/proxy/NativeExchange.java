package io.wasmrunner.proxy;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to a runner and back: which runner, whether to try another, what to do
 * when time is up. Confined to its event loop.
 */
final class NativeExchange extends Deadlines.Watched implements RunnerConnections.Taker {
  private static final Logger LOG = LoggerFactory.getLogger(NativeExchange.class);

  /** A client that waits for leave to send its body gets it from us after this. */
  private static final long CONTINUE_AFTER_NANOS = 1_000_000_000L;

  private final NativeForwarder forwarder;
  private final Exchange exchange;
  private final Attempts attempts;
  private final Deadlines deadlines;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Patience patience;
  private final boolean hasBody;
  private final boolean webSocket;
  private final long startedAt;

  private Phase phase = Phase.CONNECTING;
  private long movedAt;
  private long sentAt;
  private boolean retried;
  private boolean bodyTaken;
  private boolean leaveOwed;
  private boolean sent;
  private @Nullable LiveUpstream upstream;
  private RunnerConnections.@Nullable Ticket ticket;
  private @Nullable RunnerConnection connection;
  private @Nullable HttpClientRequest out;
  private @Nullable Answer answer;
  private @Nullable Tunnel tunnel;

  private enum Phase {
    /** Waits for a connection. */
    CONNECTING,
    /** Sends the request's body. */
    SENDING,
    /** Waits for the head of the answer. */
    AWAITING,
    /** Passes the answer on. */
    ANSWERING,
    /** Passes bytes both ways after an upgrade. */
    TUNNEL,
    /** Over. */
    DONE
  }

  NativeExchange(NativeForwarder forwarder, Exchange exchange) {
    this.forwarder = forwarder;
    this.exchange = exchange;
    this.attempts = new Attempts(exchange);
    this.deadlines = exchange.loop().deadlines();
    this.request = exchange.request();
    this.response = exchange.response();
    this.patience = exchange.route().patience();
    this.hasBody = RequestBody.exists(request);
    this.webSocket = exchange.isWebSocket();
    this.startedAt = deadlines.preciseNow();
  }

  void start() {
    if (hasBody || webSocket) {
      request.pause();
    }
    response.exceptionHandler(this::clientFailed);
    deadlines.add(this);
    connect(false);
  }

  /** Ends the exchange if it would never end by itself. */
  void drain() {
    if (tunnel != null) {
      tunnel.close();
    }
  }

  /* ---- a runner and a connection to it ---- */

  private void connect(boolean fresh) {
    phase = Phase.CONNECTING;
    movedAt = deadlines.preciseNow();
    LiveUpstream next = attempts.next();
    upstream = next;
    if (next == null) {
      refuse(attempts.exhausted());
      return;
    }
    next.begin();
    RunnerConnections.Ticket wish = forwarder.of(next).ticket(this);
    ticket = wish;
    wish.present(fresh);
  }

  @Override
  public void notConnected(RunnerConnections.Failure failure, @Nullable Throwable cause) {
    switch (failure) {
      case BUSY -> tryAnother(UpstreamFailure.busy(exchange));
      case REFUSED -> {
        suspect("took no connection: " + (cause == null ? "no reason" : cause.getMessage()));
        tryAnother(UpstreamFailure.refused(exchange));
      }
      case RETIRED -> {
        leaveUpstream();
        connect(false);
      }
    }
  }

  private void connectTimedOut() {
    boolean queued = ticket != null && ticket.isQueued();
    if (ticket != null) {
      ticket.cancel();
    }
    if (queued) {
      tryAnother(UpstreamFailure.busy(exchange));
    } else {
      suspect("took no connection in time");
      tryAnother(UpstreamFailure.notConnectedInTime(exchange));
    }
  }

  /** Nothing has been sent, so any other runner will do. */
  private void tryAnother(Refusal otherwise) {
    if (upstream != null) {
      attempts.exclude(upstream, otherwise);
    }
    leaveUpstream();
    connect(false);
  }

  /* ---- to the runner ---- */

  @Override
  public void connected(RunnerConnection taken) {
    connection = taken;
    sentAt = deadlines.preciseNow();
    taken
        .http()
        .request(new RequestOptions().setMethod(request.method()).setURI(exchange.uri()))
        .onComplete(
            to -> {
              if (connection == taken) {
                send(to);
              }
            },
            cause -> {
              if (connection == taken) {
                upstreamFailed(cause);
              }
            });
  }

  private void send(HttpClientRequest to) {
    LiveUpstream target = upstream;
    if (target == null) {
      return;
    }
    out = to;
    // Late news of an attempt that was given up must not reach the next one.
    Handler<Throwable> failed =
        cause -> {
          if (out == to) {
            upstreamFailed(cause);
          }
        };
    to.exceptionHandler(failed);
    to.response()
        .onComplete(
            in -> {
              if (out == to) {
                head(in);
              }
            },
            failed);
    movedAt = deadlines.preciseNow();
    try {
      ForwardedHeaders.fill(to.headers(), request, target);
    } catch (IllegalArgumentException e) {
      LOG.debug("header of {} cannot be forwarded", exchange.clientAddress(), e);
      refuse(
          Problem.MALFORMED_REQUEST.because(
              "The header of the request cannot be passed on.",
              "Send only header fields that RFC 9110 allows."));
      return;
    }
    if (hasBody) {
      sendWithBody(to);
      return;
    }
    sent = true;
    phase = Phase.AWAITING;
    if (webSocket) {
      to.putHeader(HttpHeaders.CONNECTION, "Upgrade");
      to.putHeader(HttpHeaders.UPGRADE, "websocket");
      to.connect();
    } else {
      to.end();
    }
  }

  private void sendWithBody(HttpClientRequest to) {
    phase = Phase.SENDING;
    if (RequestBody.isChunked(request)) {
      to.setChunked(true);
    }
    if (RequestBody.isAwaitingLeave(request)) {
      leaveOwed = true;
      to.putHeader(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
      to.continueHandler(leave -> giveLeave());
      to.sendHead();
    }
    bodyTaken = true;
    Pump.start(request, to, this::moved, () -> bodySent(to));
  }

  private void giveLeave() {
    if (leaveOwed && !response.headWritten() && !response.closed()) {
      leaveOwed = false;
      response.writeContinue();
    }
  }

  private void bodySent(HttpClientRequest to) {
    if (out != to) {
      return;
    }
    leaveOwed = false;
    to.end();
    sent = true;
    movedAt = deadlines.preciseNow();
    if (phase == Phase.SENDING) {
      phase = Phase.AWAITING;
    }
  }

  /* ---- back to the client ---- */

  private void head(HttpClientResponse in) {
    LiveUpstream from = upstream;
    if (from == null) {
      return;
    }
    in.exceptionHandler(
        cause -> {
          if (connection != null) {
            upstreamFailed(cause);
          }
        });
    int status = in.statusCode();
    try {
      if (status == 101 && webSocket) {
        completed(false);
        phase = Phase.TUNNEL;
        connection = null; // It is the tunnel's now.
        exchange.count(status);
        tunnel = Tunnel.open(exchange, in, from, this::moved, this::end);
      } else if (status < 200) {
        invalidAnswer("status " + status);
      } else {
        completed(status >= 500);
        phase = Phase.ANSWERING;
        leaveOwed = false;
        Answer begun = new Answer(exchange, in, this::moved);
        answer = begun;
        begun.begin(from, () -> answered(begun));
        exchange.count(status);
      }
    } catch (IllegalArgumentException e) {
      invalidAnswer(String.valueOf(e.getMessage()));
    }
    moved();
  }

  private void answered(Answer whole) {
    RunnerConnection used = connection;
    connection = null;
    if (used != null) {
      if (sent && whole.keepsConnection()) {
        used.release();
      } else {
        // An answer before the end of the request: the rest of the request has no reader.
        used.discard();
      }
    }
    end();
    whole.finish();
    RequestBody.skip(exchange.loop().vertx(), request);
  }

  /* ---- when something goes wrong ---- */

  private void upstreamFailed(Throwable cause) {
    if (phase == Phase.ANSWERING) {
      LOG.debug("{} broke off its answer", upstream, cause);
      breakOff();
    } else if (mayRetry()) {
      retried = true;
      leaveUpstream();
      connect(true);
    } else if (phase != Phase.DONE && phase != Phase.TUNNEL) {
      LOG.debug("{} gave no answer", upstream, cause);
      completed(true);
      refuse(UpstreamFailure.noAnswer(exchange, cause));
    }
  }

  /**
   * A connection that had been used before and was closed without a byte of answer: the runner
   * closed it before it saw the request. The same on a new connection is different: the request
   * itself may have been the reason.
   */
  private boolean mayRetry() {
    return !retried
        && !bodyTaken
        && connection != null
        && (out == null || (connection.reused() && exchange.isIdempotent()));
  }

  private void invalidAnswer(String what) {
    LOG.warn("{} gave an invalid answer: {}", upstream, what);
    completed(true);
    refuse(UpstreamFailure.invalidAnswer(exchange));
  }

  private void clientFailed(Throwable cause) {
    if (phase != Phase.DONE && phase != Phase.TUNNEL) {
      LOG.debug("client {} left", exchange.clientAddress(), cause);
      end();
      exchange.count(Exchange.CLIENT_GONE);
    }
  }

  private void refuse(Refusal refusal) {
    if (response.headWritten()) {
      breakOff();
    } else {
      end();
      exchange.refuse(refusal);
    }
  }

  /** The answer has begun, so the only honest sign of failure left is a broken connection. */
  private void breakOff() {
    end();
    ClientReset.reset(request);
  }

  /* ---- the end ---- */

  private void end() {
    phase = Phase.DONE;
    deadlines.remove(this);
    if (answer != null) {
      answer.abandon();
    }
    if (ticket != null) {
      ticket.cancel();
    }
    leaveUpstream();
  }

  /** Lets go of the runner; a connection that is still ours is in the middle of something. */
  private void leaveUpstream() {
    RunnerConnection used = connection;
    LiveUpstream left = upstream;
    connection = null;
    ticket = null;
    out = null;
    upstream = null;
    if (used != null) {
      used.discard();
    }
    if (left != null) {
      left.end();
    }
  }

  private void suspect(String reason) {
    if (upstream != null) {
      completed(true);
      exchange.loop().suspicions().tell(upstream, reason);
    }
  }

  private void completed(boolean failed) {
    if (upstream != null) {
      long since = phase == Phase.CONNECTING ? startedAt : sentAt;
      exchange.route().balancer().completed(upstream, deadlines.preciseNow() - since, failed);
    }
  }

  /* ---- time ---- */

  private void moved() {
    movedAt = deadlines.now();
  }

  @Override
  void tick(long now) {
    long still = now - movedAt;
    if (now - startedAt > patience.total() && phase != Phase.TUNNEL) {
      completed(true);
      refuse(UpstreamFailure.tooLong(exchange));
      return;
    }
    switch (phase) {
      case CONNECTING -> {
        if (still > patience.connect()) {
          connectTimedOut();
        }
      }
      case SENDING -> {
        if (leaveOwed && still > CONTINUE_AFTER_NANOS) {
          giveLeave();
          moved();
        } else if (still > patience.idle()) {
          bodyStalled();
        }
      }
      case AWAITING -> {
        if (still > patience.firstByte()) {
          completed(true);
          refuse(UpstreamFailure.noFirstByte(exchange));
        }
      }
      case ANSWERING -> {
        if (still > patience.idle()) {
          LOG.debug("answer of {} stalled", upstream);
          breakOff();
        }
      }
      case TUNNEL -> {
        if (tunnel != null && still > patience.idle()) {
          tunnel.close();
        }
      }
      case DONE -> {}
    }
  }

  /** Either the client does not send or the runner does not take. */
  private void bodyStalled() {
    if (out != null && out.writeQueueFull()) {
      completed(true);
      refuse(UpstreamFailure.noFirstByte(exchange));
    } else {
      refuse(UpstreamFailure.bodyStalled());
    }
  }
}
