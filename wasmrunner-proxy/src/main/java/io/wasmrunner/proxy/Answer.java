package io.wasmrunner.proxy;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.wasmrunner.proxy.policy.AnswerPolicy;
import io.wasmrunner.proxy.policy.Denial;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A runner's answer on its way to the client. Confined to its event loop. */
final class Answer {
  /** Tells which runner answered: {@code service/index}. */
  static final CharSequence RUNNER = HttpHeaders.createOptimized("X-Wasmrunner-Runner");

  private static final CharSequence TRAILER = HttpHeaders.createOptimized("Trailer");
  private static final long UNKNOWN = -1;

  private final Exchange exchange;
  private final HttpResponse in;
  private final RunnerConnection connection;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Runnable moved;
  private @Nullable AnswerPolicy policy;
  private boolean held;
  private long bytesLeft;
  private io.netty.handler.codec.http.@Nullable HttpHeaders trailers;
  private boolean over;

  /**
   * Makes an answer that has not begun.
   *
   * @param in its head
   * @param connection where the rest comes from
   * @param moved runs for each piece
   */
  Answer(Exchange exchange, HttpResponse in, RunnerConnection connection, Runnable moved) {
    this.exchange = exchange;
    this.in = in;
    this.connection = connection;
    this.request = exchange.request();
    this.response = exchange.response();
    this.moved = moved;
  }

  /**
   * Takes the head over.
   *
   * @return why it is withheld, if it is
   * @throws IllegalArgumentException when the head cannot be passed on
   */
  @Nullable Refusal begin(LiveUpstream from) {
    copyHead(exchange, in, from);
    int status = in.status().code();
    boolean bodiless = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    AnswerPolicy asked = exchange.answerPolicy(status, bodiless);
    policy = asked;
    if (asked != null && asked.denial() != null) {
      over = true;
      asked.close();
      return noted(asked.denial());
    }
    if (exchange.loop().draining() && !ClientStream.isHttp2(request)) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    if (bodiless) {
      response.end();
      return null;
    }
    String length = in.headers().get(HttpHeaders.CONTENT_LENGTH);
    bytesLeft =
        length == null || (asked != null && asked.changesLength())
            ? UNKNOWN
            : Long.parseLong(length);
    if (bytesLeft == UNKNOWN) {
      response.setChunked(true);
      if (request.version() != HttpVersion.HTTP_1_0) {
        in.headers().getAll(TRAILER).forEach(value -> response.headers().add(TRAILER, value));
      }
    }
    held = asked != null && asked.isHeld();
    return null;
  }

  /** Whether nothing of it has gone to the client, for it has to be seen whole. */
  boolean isHeld() {
    return held;
  }

  /** Whether the runner will take another request on this connection. */
  boolean keepsConnection() {
    List<String> options = in.headers().getAll(HttpHeaders.CONNECTION);
    return in.protocolVersion().minorVersion() == 1 && !HopHeaders.hasOption(options, "close");
  }

  /** Ends the answer to the client, and the visit, after the runner has said everything. */
  void finish() {
    AnswerPolicy asked = policy;
    if (held && asked != null) {
      asked.verdict().onComplete(done -> judged(asked, done.result()));
      return;
    }
    if (asked != null) {
      Buffer last = asked.end();
      if (last.length() > 0 && !response.ended() && !response.closed()) {
        response.write(last);
      }
      asked.close();
    }
    close();
    exchange.visit().over();
  }

  private void judged(AnswerPolicy asked, @Nullable Denial denial) {
    held = false;
    if (response.closed()) {
      exchange.clientLeft();
    } else if (denial != null) {
      exchange.refuse(noted(denial));
    } else {
      exchange.count(in.status().code());
      if (!response.ended() && !response.closed()) {
        emit(asked.release());
      }
      Buffer last = asked.end();
      if (last.length() > 0 && !response.ended() && !response.closed()) {
        response.write(last);
      }
      close();
      exchange.visit().over();
    }
    asked.close();
  }

  private Refusal noted(Denial denial) {
    Refusal refusal = GatedExchange.refusal(denial);
    exchange.explanation().note("policy", refusal.problem().code() + ": " + refusal.detail());
    return refusal;
  }

  private void close() {
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.isChunked()) {
      if (trailers != null) {
        for (Map.Entry<String, String> field : trailers) {
          if (!TrailerFields.isForbidden(field.getKey())) {
            response.trailers().add(field.getKey(), field.getValue());
          }
        }
      }
      response.end();
    } else if (bytesLeft == UNKNOWN) {
      // An HTTP/1.0 client learns of the end by the end of the connection.
      response.end().onComplete(sent -> request.connection().close());
    } else {
      response.end();
    }
  }

  /** Whether it would never end by itself. */
  boolean isEventStream() {
    String type = in.headers().get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }

  /** Ends it for the client as if it were whole; says whether that can be done. */
  boolean endEarly() {
    if (response.ended() || response.closed()) {
      return true;
    }
    if (bytesLeft != UNKNOWN || request.version() == HttpVersion.HTTP_1_0) {
      return false;
    }
    response.end();
    return true;
  }

  /** Nothing of it is passed on any more. */
  void abandon() {
    if (!over && policy != null) {
      policy.close();
    }
    over = true;
  }

  /**
   * Nothing more of it is there for now. The body mostly comes with the head and both go out in one
   * write. If not, the head must not wait: an event stream may have nothing to say for long.
   */
  void sendHead() {
    boolean framed = bytesLeft != UNKNOWN || request.version() != HttpVersion.HTTP_1_0;
    if (!over && !held && framed && !response.headWritten() && !response.closed()) {
      response.writeHead();
    }
  }

  /** The runner has said everything; says whether that makes the answer whole. */
  boolean end(io.netty.handler.codec.http.HttpHeaders last) {
    boolean whole = !over;
    over = true;
    trailers = last;
    return whole;
  }

  /** Passes a piece of the body on. */
  void pass(Buffer piece) {
    if (over || response.ended() || response.closed()) {
      return;
    }
    moved.run();
    AnswerPolicy asked = policy;
    if (asked == null || asked.isIdle()) {
      emit(piece);
    } else if (held) {
      hold(asked, piece);
    } else {
      emit(asked.piece(piece));
    }
  }

  private void hold(AnswerPolicy asked, Buffer piece) {
    switch (asked.hold(piece)) {
      case KEPT -> {}
      case DENIED -> exchange.abort(GatedExchange.refusal(AnswerPolicy.withheld()));
      case RELEASED -> {
        held = false;
        exchange.count(in.status().code());
        emit(asked.release());
        emit(asked.piece(piece));
      }
    }
  }

  private void emit(Buffer piece) {
    if (piece.length() == 0) {
      return;
    }
    if (bytesLeft != UNKNOWN) {
      bytesLeft -= piece.length();
      if (bytesLeft == 0) {
        response.end(piece);
        return;
      }
    }
    response.write(piece);
    if (!over && response.writeQueueFull()) {
      connection.pause();
      response.drainHandler(
          drained -> {
            if (!over) {
              moved.run();
              connection.resume();
            }
          });
    }
  }

  /** Without what a careless client could take for the end of the line. */
  private static boolean isText(String reason) {
    return reason.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
  }

  /** Copies what concerns the client, and names the runner. */
  static void copyHead(Exchange exchange, HttpResponse in, LiveUpstream from) {
    HttpServerResponse response = exchange.response();
    int status = in.status().code();
    response.setStatusCode(status);
    String reason = in.status().reasonPhrase();
    if (!reason.equals(HttpResponseStatus.valueOf(status).reasonPhrase()) && isText(reason)) {
      response.setStatusMessage(reason);
    }
    MultiMap headers = response.headers();
    Set<String> named = HopHeaders.namedIn(in.headers().getAll(HttpHeaders.CONNECTION));
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = in.headers().iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      if (!HopHeaders.is(field.getKey()) && !HopHeaders.isNamed(named, field.getKey())) {
        headers.add(field.getKey(), field.getValue());
      }
    }
    headers.set(RUNNER, from.label());
    exchange.addAnswerHeadersTo(headers);
    exchange.explanation().answered(from.label(), status);
    exchange.visit().answeredBy(from.label());
    exchange.visit().signHead();
  }
}
