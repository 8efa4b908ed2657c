package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.wasmrunner.proxy.Progress.Phase;
import io.wasmrunner.proxy.resilience.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to a runner and back: which runner, whether to try another, what to do
 * when time is up. Confined to its event loop.
 */
final class NativeExchange extends Deadlines.Watched implements Approach.Goal, AnswerReader {
  private static final Logger LOG = LoggerFactory.getLogger(NativeExchange.class);

  private final Exchange exchange;
  private final Approach approach;
  private final Deadlines deadlines;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final boolean hasBody;
  private final boolean webSocket;
  private final Repeating repeating;
  private final InterimAnswers interim;
  private final Progress progress;

  private @Nullable RunnerConnection connection;
  private @Nullable Sending sending;
  private @Nullable Answer answer;
  private @Nullable Tunnel tunnel;

  NativeExchange(NativeForwarder forwarder, Exchange exchange) {
    this.exchange = exchange;
    this.approach = new Approach(forwarder, exchange, this);
    this.deadlines = exchange.loop().deadlines();
    this.request = exchange.request();
    this.response = exchange.response();
    this.hasBody = exchange.hasBody();
    this.webSocket = exchange.isWebSocket();
    this.repeating = new Repeating(exchange);
    this.interim = new InterimAnswers(exchange);
    this.progress = new Progress(deadlines, exchange.route().patience());
  }

  void start() {
    if (hasBody || webSocket) {
      request.pause();
    }
    repeating.begin();
    response.exceptionHandler(this::clientFailed);
    exchange.onAbort(this::refuse);
    deadlines.add(this);
    guarded(() -> connect(false));
  }

  /** Ends the exchange if it would never end by itself. */
  void drain() {
    if (progress.is(Phase.TUNNEL) && tunnel != null) {
      tunnel.leave(deadlines.preciseNow());
    } else if (progress.is(Phase.ANSWERING) && answer != null && answer.isEventStream()) {
      Answer stream = answer;
      finish();
      if (!stream.endEarly()) {
        ClientStream.breakOff(request);
      }
      exchange.visit().over();
    }
  }

  /** The runner it is at. */
  @Nullable LiveUpstream upstream() {
    return approach.upstream();
  }

  /* ---- to the runner ---- */

  private void connect(boolean fresh) {
    progress.enter(Phase.CONNECTING);
    approach.turn(fresh);
  }

  @Override
  public void unreachable(Refusal refusal) {
    boolean nobodyTookIt =
        refusal.problem() == Problem.REFUSED || refusal.problem() == Problem.CONNECT_TIMEOUT;
    if (!nobodyTookIt || !tryAgain(Outcome.CONNECT)) {
      refuse(refusal);
    }
  }

  @Override
  public void connected(RunnerConnection taken) {
    connection = taken;
    exchange.visit().sending(progress.send());
    LiveUpstream target = approach.upstream();
    if (target == null) {
      return;
    }
    taken.begin(this, request.method().equals(HttpMethod.HEAD));
    Sending begun =
        new Sending(
            exchange, taken, repeating.body(), progress::moved, this::sent, this::sendingFailed);
    sending = begun;
    progress.enter(Phase.SENDING);
    try {
      begun.begin(target, webSocket);
    } catch (RuntimeException e) {
      sendingFailed(e);
    }
  }

  private void sendingFailed(RuntimeException cause) {
    if (cause instanceof IllegalArgumentException) {
      LOG.debug("header of {} cannot be forwarded", exchange.clientAddress(), cause);
      refuse(
          Problem.MALFORMED_REQUEST.because(
              "A header or trailer field of the request cannot be passed on.",
              "Send only fields that RFC 9110 allows."));
    } else {
      faulted(cause);
    }
  }

  private void sent() {
    if (hasBody) {
      progress.movedNow();
    }
    if (progress.is(Phase.SENDING)) {
      progress.enter(Phase.AWAITING);
    }
  }

  @Override
  public void writable() {
    if (sending != null) {
      sending.writable();
    }
  }

  /* ---- back to the client ---- */

  @Override
  public void interim(int status, HttpHeaders fields) {
    if (status != 100) {
      interim.pass(status, fields);
    } else if (sending != null) {
      sending.giveLeave();
    }
  }

  @Override
  public void head(HttpResponse in) {
    LiveUpstream from = approach.upstream();
    Sending asked = sending;
    RunnerConnection used = connection;
    if (from == null || asked == null || used == null) {
      return;
    }
    int status = in.status().code();
    try {
      if (status == 101 && webSocket) {
        completed(Outcome.OK);
        progress.enter(Phase.TUNNEL);
        connection = null; // It is the tunnel's now.
        exchange.over(); // It may last for days.
        exchange.count(status);
        tunnel =
            Tunnel.open(exchange, in, used.upgrade(), from, progress::moved, this::tunnelClosed);
      } else if (status < 200) {
        invalidAnswer("status " + status);
      } else {
        completed(status >= 500 ? Outcome.STATUS : Outcome.OK);
        if (status >= 500 && tryAgain(Outcome.STATUS)) {
          return;
        }
        progress.enter(Phase.ANSWERING);
        asked.answered();
        Answer begun = new Answer(exchange, in, used, progress::moved);
        answer = begun;
        Refusal withheld = begun.begin(from);
        if (withheld != null) {
          refuse(withheld);
        } else if (!begun.isHeld()) {
          exchange.count(status);
        }
      }
    } catch (IllegalArgumentException e) {
      used.discard(); // It may be a socket by now, that nobody else would close.
      invalidAnswer(String.valueOf(e.getMessage()));
    }
    progress.moved();
  }

  @Override
  public void piece(Buffer piece) {
    if (answer != null) {
      answer.pass(piece);
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (answer != null && answer.end(trailers)) {
      answered(answer);
    }
  }

  @Override
  public void readComplete() {
    if (answer != null) {
      answer.sendHead();
    }
  }

  private void tunnelClosed() {
    finish();
    exchange.visit().over();
  }

  private void answered(Answer whole) {
    RunnerConnection used = connection;
    boolean sent = sending != null && sending.isWhole();
    connection = null;
    if (used != null) {
      if (sent && whole.keepsConnection()) {
        used.release();
      } else {
        // An answer before the end of the request: the rest of the request has no reader.
        used.discard();
      }
    }
    finish();
    whole.finish();
    RequestBody.skip(exchange.loop().vertx(), request);
  }

  /* ---- when something goes wrong ---- */

  @Override
  public void failed(Throwable cause) {
    if (progress.is(Phase.ANSWERING) && answer != null && answer.isHeld()) {
      refuse(UpstreamFailure.noAnswer(exchange, cause));
    } else if (progress.is(Phase.ANSWERING)) {
      LOG.debug("{} broke off its answer", approach.upstream(), cause);
      breakOff();
    } else if (connection != null && repeating.isDueAfter(connection)) {
      leaveRunner();
      connect(true);
    } else if (!progress.is(Phase.DONE) && !progress.is(Phase.TUNNEL)) {
      LOG.debug("{} gave no answer", approach.upstream(), cause);
      Outcome outcome = UpstreamFailure.isLost(cause) ? Outcome.RESET : Outcome.INVALID;
      completed(outcome);
      if (!tryAgain(outcome)) {
        refuse(UpstreamFailure.noAnswer(exchange, cause));
      }
    }
  }

  @Override
  public void faulted(Throwable cause) {
    LOG.error("{}: an exchange failed", Problem.INTERNAL.code(), cause);
    if (response.ended()) {
      finish();
    } else {
      refuse(UpstreamFailure.internal());
    }
  }

  /** Sends the request once more if the service wants that and it can be done; says whether. */
  private boolean tryAgain(Outcome failure) {
    if (!repeating.isDue(failure, sending == null)) {
      return false;
    }
    approach.startOver();
    leaveRunner();
    repeating.hold();
    progress.enter(Phase.PAUSING);
    long millis = repeating.pauseMillis();
    if (millis == 0) {
      connect(false);
    } else {
      exchange.loop().vertx().setTimer(millis, timer -> endPause());
    }
    return true;
  }

  private void endPause() {
    if (progress.is(Phase.PAUSING)) {
      guarded(() -> connect(false));
    }
  }

  /** Does something that nobody waits for: a fault must not leave the client without an answer. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      faulted(e);
    }
  }

  private void invalidAnswer(String what) {
    LOG.warn("{} gave an invalid answer: {}", approach.upstream(), what);
    completed(Outcome.INVALID);
    refuse(UpstreamFailure.invalidAnswer(exchange));
  }

  private void clientFailed(Throwable cause) {
    if (!progress.is(Phase.DONE) && !progress.is(Phase.TUNNEL)) {
      LOG.debug("client {} left", exchange.clientAddress(), cause);
      finish();
      exchange.clientLeft();
    }
  }

  private void refuse(Refusal refusal) {
    if (response.headWritten()) {
      breakOff();
    } else {
      finish();
      exchange.refuse(refusal);
    }
  }

  /** The answer has begun, so the only honest sign of failure left is a broken connection. */
  private void breakOff() {
    finish();
    ClientStream.breakOff(request);
    exchange.visit().over();
  }

  /* ---- the end ---- */

  private void finish() {
    progress.enter(Phase.DONE);
    deadlines.remove(this);
    if (answer != null) {
      answer.abandon();
    }
    leaveRunner();
    exchange.over();
  }

  /** Lets go of the runner; a connection that is still ours is in the middle of something. */
  private void leaveRunner() {
    RunnerConnection used = connection;
    connection = null;
    if (sending != null) {
      sending.abandon();
      sending = null;
    }
    if (used != null) {
      used.discard();
    }
    approach.leave();
  }

  private void completed(Outcome outcome) {
    approach.completed(
        progress.is(Phase.CONNECTING) ? approach.startedAt() : progress.sentAt(), outcome);
  }

  /* ---- time ---- */

  @Override
  void tick(long now) {
    guarded(() -> look(now));
  }

  /** Looks at the clock. */
  private void look(long now) {
    if (progress.isTooLong(now, approach.startedAt())) {
      completed(Outcome.TIMEOUT);
      refuse(UpstreamFailure.tooLong(exchange));
      return;
    }
    switch (progress.phase()) {
      case CONNECTING -> {
        if (connection == null) {
          approach.tick(now);
        }
      }
      case SENDING -> {
        if (sending != null && sending.giveLeaveAfter(progress.still(now))) {
          progress.moved();
        } else if (progress.isIdle(now)) {
          bodyStalled();
        } else if (sending != null && sending.isTooSlow(now)) {
          refuse(UpstreamFailure.bodyTooSlow(exchange.loop().options().edge().minBodyRate()));
        }
      }
      case AWAITING -> {
        if (progress.isUnanswered(now, repeating.perTryNanos())) {
          completed(Outcome.TIMEOUT);
          if (!tryAgain(Outcome.TIMEOUT)) {
            refuse(UpstreamFailure.noFirstByte(exchange));
          }
        }
      }
      case ANSWERING -> {
        if (progress.isIdle(now)) {
          LOG.debug("answer of {} stalled", approach.upstream());
          breakOff();
        }
      }
      case TUNNEL -> {
        if (tunnel != null) {
          if (progress.isIdle(now)) {
            tunnel.leave(now);
          }
          tunnel.tick(now);
        }
      }
      case PAUSING, DONE -> {}
    }
  }

  /** Either the client does not send or the runner does not take. */
  private void bodyStalled() {
    if (sending != null && sending.isHeldUp()) {
      completed(Outcome.TIMEOUT);
      refuse(UpstreamFailure.noFirstByte(exchange));
    } else {
      refuse(UpstreamFailure.bodyStalled());
    }
  }
}
