package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way to a runner and back. Confined to its event loop. */
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
  private boolean continueOwed;
  private boolean sent;
  private boolean answered;
  private long bytesLeft;
  private @Nullable LiveUpstream upstream;
  private RunnerConnections.@Nullable Ticket ticket;
  private @Nullable RunnerConnection connection;
  private @Nullable HttpClientRequest out;
  private @Nullable NetSocket tunnel;

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

  /* ---- to the runner ---- */

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
    RunnerConnections.Ticket wish = new RunnerConnections.Ticket(this);
    ticket = wish;
    forwarder.of(next).acquire(wish, fresh);
  }

  @Override
  public void notConnected(RunnerConnections.Failure failure, @Nullable Throwable cause) {
    switch (failure) {
      case BUSY -> tryAnother(Attempts.busy(exchange));
      case RETIRED -> {
        leaveUpstream();
        connect(false);
      }
      case REFUSED -> {
        suspect("refused a connection: " + (cause == null ? "unknown" : cause.getMessage()));
        tryAnother(
            Problem.REFUSED.because(
                "No runner of " + exchange.route().service() + " took the connection.",
                "The service may just be restarting: try again. If it stays so, look at its logs"
                    + " on the dashboard."));
      }
    }
  }

  private void connectTimedOut() {
    LiveUpstream current = upstream;
    RunnerConnections.Ticket waiting = ticket;
    if (current == null || waiting == null) {
      return;
    }
    RunnerConnections connections = forwarder.of(current);
    boolean queued = connections.isQueued(waiting);
    connections.cancel(waiting);
    if (queued) {
      tryAnother(Attempts.busy(exchange));
    } else {
      suspect("did not take a connection in time");
      tryAnother(
          Problem.CONNECT_TIMEOUT.because(
              "No runner of " + exchange.route().service() + " took the connection in time.",
              "The service may be overloaded or hung: look at its runners on the dashboard, or"
                  + " raise timeouts.connect in its service.json."));
    }
  }

  /** Nothing has been sent, so any other runner will do. */
  private void tryAnother(Refusal otherwise) {
    LiveUpstream current = upstream;
    if (current != null) {
      attempts.exclude(current, otherwise);
    }
    leaveUpstream();
    connect(false);
  }

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
    try {
      ForwardedHeaders.fill(to.headers(), request, target);
      if (webSocket) {
        sendUpgrade(to);
      } else if (hasBody) {
        sendWithBody(to);
      } else {
        to.end();
        sent = true;
        phase = Phase.AWAITING;
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("request of {} cannot be forwarded", exchange.clientAddress(), e);
      refuse(
          Problem.MALFORMED_REQUEST.because(
              "The header of the request cannot be passed on.",
              "Send only header fields that RFC 9110 allows."));
    }
    movedAt = deadlines.preciseNow();
  }

  private void sendUpgrade(HttpClientRequest to) {
    to.putHeader(HttpHeaders.CONNECTION, "Upgrade");
    to.putHeader(HttpHeaders.UPGRADE, "websocket");
    to.connect();
    sent = true;
    phase = Phase.AWAITING;
  }

  private void sendWithBody(HttpClientRequest to) {
    phase = Phase.SENDING;
    if (RequestBody.isChunked(request)) {
      to.setChunked(true);
    }
    if (RequestBody.isAwaitingLeave(request)) {
      continueOwed = true;
      to.putHeader(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
      to.continueHandler(leave -> giveLeave());
      to.sendHead();
    }
    bodyTaken = true;
    Pump.start(request, to, this::moved, this::bodySent);
  }

  private void giveLeave() {
    if (continueOwed && !response.headWritten() && !response.closed()) {
      continueOwed = false;
      response.writeContinue();
    }
  }

  private void bodySent() {
    HttpClientRequest to = out;
    if (phase == Phase.DONE || to == null) {
      return;
    }
    continueOwed = false;
    to.end();
    sent = true;
    if (phase == Phase.SENDING) {
      phase = Phase.AWAITING;
    }
    moved();
  }

  /* ---- back to the client ---- */

  private void head(HttpClientResponse in) {
    LiveUpstream from = upstream;
    if (from == null) {
      return;
    }
    in.exceptionHandler(this::upstreamFailed);
    int status = in.statusCode();
    try {
      if (status == 101 && webSocket) {
        completed(from, false);
        openTunnel(in, from);
      } else if (status < 200) {
        invalidAnswer(new IllegalStateException("status " + status));
      } else {
        completed(from, status >= 500);
        answer(in, from);
      }
    } catch (IllegalArgumentException e) {
      invalidAnswer(e);
    }
  }

  private void answer(HttpClientResponse in, LiveUpstream from) {
    phase = Phase.ANSWERING;
    moved();
    continueOwed = false;
    copyHead(in, from);
    int status = in.statusCode();
    if (exchange.loop().draining()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    exchange.count(status);
    if (request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304) {
      bytesLeft = 0;
      in.endHandler(end -> answered(in));
      response.end();
      return;
    }
    String length = in.getHeader(HttpHeaders.CONTENT_LENGTH);
    bytesLeft = length == null ? -1 : Long.parseLong(length);
    if (length == null) {
      response.setChunked(true);
    }
    in.handler(piece -> pass(in, piece));
    in.endHandler(end -> answered(in));
    // The body mostly comes with the head and both go out in one write. If not, the head must not
    // wait: an event stream may have nothing to say for long.
    exchange.loop().context().runOnContext(later -> sendHead());
  }

  private void copyHead(HttpClientResponse in, LiveUpstream from) {
    int status = in.statusCode();
    response.setStatusCode(status);
    String reason = in.statusMessage();
    if (reason != null && !reason.equals(HttpResponseStatus.valueOf(status).reasonPhrase())) {
      response.setStatusMessage(reason);
    }
    MultiMap headers = response.headers();
    Set<String> named = HopHeaders.namedIn(in.headers());
    in.headers()
        .forEach(
            (name, value) -> {
              if (AnswerHeaders.passes(name, named)) {
                headers.add(name, value);
              }
            });
    headers.set(AnswerHeaders.RUNNER, from.label());
  }

  private void sendHead() {
    if (phase == Phase.ANSWERING
        && !response.headWritten()
        && !response.closed()
        && (bytesLeft >= 0 || request.version() != HttpVersion.HTTP_1_0)) {
      response.writeHead();
    }
  }

  private void pass(HttpClientResponse in, Buffer piece) {
    if (phase != Phase.ANSWERING || response.ended() || response.closed()) {
      return;
    }
    moved();
    if (bytesLeft >= 0) {
      bytesLeft -= piece.length();
      if (bytesLeft == 0) {
        response.end(piece);
        return;
      }
    }
    response.write(piece);
    if (response.writeQueueFull()) {
      in.pause();
      response.drainHandler(
          drained -> {
            moved();
            in.resume();
          });
    }
  }

  private void answered(HttpClientResponse in) {
    if (phase != Phase.ANSWERING) {
      return;
    }
    answered = true;
    phase = Phase.DONE;
    deadlines.remove(this);
    RunnerConnection used = connection;
    if (used != null) {
      if (sent
          && in.version() == HttpVersion.HTTP_1_1
          && !HopHeaders.hasOption(in.headers(), "close")) {
        used.release();
      } else {
        // An answer before the end of the request: the rest of the request has no reader.
        used.discard();
      }
    }
    leaveUpstream();
    endAnswer(in);
    RequestBody.skip(exchange.loop().vertx(), request);
  }

  private void endAnswer(HttpClientResponse in) {
    if (response.ended() || response.closed()) {
      return;
    }
    boolean closeTells = !response.isChunked() && bytesLeft < 0;
    if (response.isChunked() && !in.trailers().isEmpty()) {
      in.trailers().forEach((name, value) -> response.trailers().add(name, value));
    }
    response
        .end()
        .onComplete(
            written -> {
              if (closeTells) {
                request.connection().close();
              }
            });
  }

  /* ---- after an upgrade ---- */

  private void openTunnel(HttpClientResponse in, LiveUpstream from) {
    phase = Phase.TUNNEL;
    moved();
    exchange.count(101);
    NetSocket runnerEnd = in.netSocket();
    runnerEnd.pause();
    tunnel = runnerEnd;
    copyHead(in, from);
    response.putHeader(HttpHeaders.CONNECTION, "Upgrade");
    response.putHeader(HttpHeaders.UPGRADE, "websocket");
    exchange.loop().clients().forget(request.connection());
    request.toNetSocket().onComplete(this::joinTunnel, this::clientFailed);
  }

  private void joinTunnel(NetSocket clientEnd) {
    NetSocket runnerEnd = tunnel;
    if (runnerEnd == null || phase != Phase.TUNNEL) {
      clientEnd.close();
      return;
    }
    clientEnd.exceptionHandler(e -> LOG.debug("client end of a tunnel", e));
    runnerEnd.exceptionHandler(e -> LOG.debug("runner end of a tunnel", e));
    clientEnd.closeHandler(closed -> closeTunnel());
    runnerEnd.closeHandler(
        closed -> {
          closeTunnel();
          clientEnd.close();
        });
    Pump.start(clientEnd, runnerEnd, this::moved, this::closeTunnel);
    Pump.start(runnerEnd, clientEnd, this::moved, clientEnd::end);
  }

  /** Ends the exchange if it is a tunnel. */
  void closeTunnel() {
    NetSocket runnerEnd = tunnel;
    if (phase == Phase.TUNNEL && runnerEnd != null) {
      phase = Phase.DONE;
      deadlines.remove(this);
      leaveUpstream();
      // Closing one end closes the other.
      runnerEnd.close();
    }
  }

  /* ---- when something goes wrong ---- */

  private void upstreamFailed(Throwable cause) {
    switch (phase) {
      case CONNECTING, SENDING, AWAITING -> {
        if (mayRetry()) {
          retried = true;
          leaveUpstream();
          connect(true);
        } else {
          failed();
          LOG.debug("{} gave no answer", upstream, cause);
          refuse(UpstreamFailure.refusal(exchange, cause));
        }
      }
      case ANSWERING -> {
        LOG.debug("{} broke off its answer", upstream, cause);
        breakOff();
      }
      case TUNNEL -> closeTunnel();
      case DONE -> {}
    }
  }

  /**
   * A connection that had been used before and was closed without a byte of answer: the runner
   * closed it before it saw the request. The same on a new connection is different: the request
   * itself may have been the reason.
   */
  private boolean mayRetry() {
    RunnerConnection used = connection;
    return !retried
        && !bodyTaken
        && used != null
        && (out == null || (used.reused() && exchange.isIdempotent()));
  }

  private void invalidAnswer(RuntimeException cause) {
    LOG.warn("{} gave an invalid answer: {}", upstream, cause.getMessage());
    failed();
    refuse(UpstreamFailure.invalidAnswer(exchange));
  }

  /** The answer has begun, so the only honest sign of failure left is a broken connection. */
  private void breakOff() {
    end();
    exchange.count(502);
    ClientReset.reset(request);
  }

  private void clientFailed(Throwable cause) {
    if (phase == Phase.DONE) {
      return;
    }
    if (phase == Phase.TUNNEL) {
      closeTunnel();
      return;
    }
    LOG.debug("client {} left", exchange.clientAddress(), cause);
    end();
    exchange.count(Exchange.CLIENT_GONE);
  }

  private void refuse(Refusal refusal) {
    if (response.headWritten()) {
      breakOff();
      return;
    }
    end();
    exchange.refuse(refusal);
  }

  /** Ends the runner's side in the middle of something. */
  private void end() {
    phase = Phase.DONE;
    deadlines.remove(this);
    LiveUpstream current = upstream;
    RunnerConnections.Ticket waiting = ticket;
    if (current != null && waiting != null && connection == null) {
      forwarder.of(current).cancel(waiting);
    }
    leaveUpstream();
  }

  private void leaveUpstream() {
    RunnerConnection used = connection;
    connection = null;
    ticket = null;
    out = null;
    if (used != null && !answered && phase != Phase.TUNNEL) {
      used.discard();
    }
    LiveUpstream current = upstream;
    upstream = null;
    if (current != null) {
      current.end();
    }
  }

  private void suspect(String reason) {
    LiveUpstream current = upstream;
    if (current != null) {
      completed(current, true);
      exchange.loop().suspicions().tell(current, reason);
    }
  }

  private void failed() {
    LiveUpstream current = upstream;
    if (current != null) {
      completed(current, true);
    }
  }

  private void completed(LiveUpstream current, boolean failed) {
    long since = sentAt == 0 ? startedAt : sentAt;
    exchange.route().balancer().completed(current, deadlines.preciseNow() - since, failed);
  }

  /* ---- time ---- */

  private void moved() {
    movedAt = deadlines.now();
  }

  @Override
  void tick(long now) {
    long still = now - movedAt;
    if (now - startedAt > patience.total() && phase != Phase.TUNNEL) {
      failed();
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
        if (continueOwed && still > CONTINUE_AFTER_NANOS) {
          giveLeave();
          moved();
        } else if (still > patience.idle()) {
          bodyStalled();
        }
      }
      case AWAITING -> {
        if (still > patience.firstByte()) {
          failed();
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
        if (still > patience.idle()) {
          closeTunnel();
        }
      }
      case DONE -> {}
    }
  }

  /** Either the client does not send or the runner does not take. */
  private void bodyStalled() {
    HttpClientRequest to = out;
    if (to != null && to.writeQueueFull()) {
      failed();
      refuse(UpstreamFailure.noFirstByte(exchange));
    } else {
      refuse(
          Problem.CLIENT_TIMEOUT.because(
              "The rest of the request body did not arrive in time.",
              "Send the whole body, or raise timeouts.idle in the service's service.json."));
    }
  }
}
