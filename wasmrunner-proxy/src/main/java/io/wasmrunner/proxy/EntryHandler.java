package io.wasmrunner.proxy;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.wasmrunner.proxy.RequestTarget.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every request enters: reserved path, service, or a clear no. Confined to its loop. */
final class EntryHandler implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(EntryHandler.class);

  private final ProxyLoop loop;
  private final Forwarder forwarder;
  private final Handler<HttpServerRequest> management;

  EntryHandler(ProxyLoop loop, Forwarder forwarder, Handler<HttpServerRequest> management) {
    this.loop = loop;
    this.forwarder = forwarder;
    this.management = management;
  }

  @Override
  public void handle(HttpServerRequest request) {
    Visit visit = visit(request, false);
    try {
      serve(visit, true);
    } catch (RuntimeException e) {
      failed(visit, e);
    }
  }

  /** As {@link #handle}, for the inner listener: nothing is reserved there, and a token is due. */
  void handleInner(HttpServerRequest request, InnerToken token) {
    boolean known = token.matches(request.getHeader(ForwardedHeaders.INNER_TOKEN));
    Visit visit = visit(request, known);
    try {
      if (known) {
        serve(visit, false);
      } else {
        refuse(
            visit,
            Problem.NO_INNER_TOKEN.because(
                "The header WR-Inner-Token is missing or wrong.", "Use the public entry point."));
      }
    } catch (RuntimeException e) {
      failed(visit, e);
    }
  }

  /** Answers what is not valid HTTP, and closes the connection. */
  void handleInvalid(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    Visit visit =
        new Visit(
            loop,
            request,
            Caller.unread(
                remote == null ? null : remote.hostAddress(), loop.options().edge().random()),
            loop.clients().serving(request));
    Throwable cause = request.decoderResult().cause();
    FramingFault fault;
    if (cause instanceof FramingException known) {
      fault = known.fault(); // Recorded where it was found.
    } else {
      LOG.debug("invalid request from {}", request.remoteAddress(), cause);
      fault = FramingFault.UNREADABLE;
      loop.securityEvents().refused(fault, visit.caller().shownAddress());
    }
    refuse(visit, MalformedRequest.refusal(fault, loop.options().limits()));
    request.connection().close();
  }

  private Visit visit(HttpServerRequest request, boolean inner) {
    Caller caller =
        Caller.of(request, loop.trustedProxies(), loop.options().edge().random(), inner);
    return new Visit(loop, request, caller, loop.clients().serving(request));
  }

  private void serve(Visit visit, boolean reserved) {
    HttpServerRequest request = visit.request();
    FramingFault fault =
        ClientStream.isHttp2(request) ? Http2Head.fault(request, loop.options().limits()) : null;
    if (fault != null) {
      // In HTTP/1 the connection's guard has looked.
      loop.securityEvents().refused(fault, visit.caller().shownAddress());
      refuse(visit, MalformedRequest.refusal(fault, loop.options().limits()));
      return;
    }
    RequestTarget target;
    RouteTable.Match match;
    try {
      if (request.method().equals(HttpMethod.CONNECT)) {
        refuse(
            visit,
            Problem.METHOD_NOT_SUPPORTED.because(
                "CONNECT is for forward proxies.", "Call the service's path."));
        return;
      }
      target = RequestTarget.parse(request.uri());
      if (reserved && Reserved.is(RouteTable.canonical(target.path()))) {
        manage(visit);
        return;
      }
      match = loop.routes().table().find(target);
    } catch (Refused refused) {
      loop.securityEvents().refusedPath(refused, visit.caller().shownAddress());
      refuse(visit, badPath(refused));
      return;
    }
    if (match == null) {
      refuse(visit, Unrouted.refusal(loop.routes().table(), target));
    } else if (RequestBody.isForeignCoding(request)) {
      refuse(
          visit,
          Problem.TRANSFER_CODING.because(
              "Only the transfer coding chunked is supported.", "Send the body chunked."));
    } else {
      GatedExchange.pass(new Exchange(loop, visit, match, target.suffix()), forwarder, !reserved);
    }
  }

  static Refusal badPath(Refused refused) {
    return Problem.BAD_PATH.because(
        "The request is refused: " + refused.reason() + ".",
        "Send a plain path: no . or .. segments, no control characters, no slash in disguise"
            + " before the service's own part.");
  }

  private void manage(Visit visit) {
    HttpServerRequest request = visit.request();
    if (RequestBody.isAwaitingLeave(request)) {
      request.response().writeContinue();
    }
    visit.isFor("wasmrunner");
    visit.signHead();
    loop.clients().managing(visit);
    management.handle(request);
  }

  private void refuse(Visit visit, Refusal refusal) {
    loop.traffic().count(refusal.problem().status());
    loop.refuse(visit, refusal);
    visit.over();
  }

  private void failed(Visit visit, RuntimeException e) {
    HttpServerRequest request = visit.request();
    LOG.error("{}: {} {} failed", Problem.INTERNAL.code(), request.method(), request.path(), e);
    refuse(visit, UpstreamFailure.internal());
  }
}
