package io.wasmrunner.proxy;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.wasmrunner.proxy.RequestTarget.Refused;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every request enters: reserved path, service, or a clear no. Confined to its loop. */
final class EntryHandler implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(EntryHandler.class);
  private static final int LISTED_PREFIXES = 20;

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
    try {
      serve(request, true);
    } catch (RuntimeException e) {
      failed(request, e);
    }
  }

  /** As {@link #handle}, for the inner listener: nothing is reserved there, and a token is due. */
  void handleInner(HttpServerRequest request, InnerToken token) {
    try {
      if (token.matches(request.getHeader(ForwardedHeaders.INNER_TOKEN))) {
        serve(request, false);
      } else {
        refuse(
            request,
            Problem.NO_INNER_TOKEN.because(
                "The header WR-Inner-Token is missing or wrong.", "Use the public entry point."));
      }
    } catch (RuntimeException e) {
      failed(request, e);
    }
  }

  /** Answers what is not valid HTTP, and closes the connection. */
  void handleInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    FramingFault fault;
    if (cause instanceof FramingException known) {
      fault = known.fault(); // Recorded where it was found.
    } else {
      LOG.debug("invalid request from {}", request.remoteAddress(), cause);
      fault = FramingFault.UNREADABLE;
      loop.securityEvents().refused(fault, client(request));
    }
    refuse(request, MalformedRequest.refusal(fault, loop.options().limits()));
    request.connection().close();
  }

  private void serve(HttpServerRequest request, boolean reserved) {
    loop.clients().serving(request);
    if (ClientStream.isHttp2(request) && FieldName.misleads(request.headers().names())) {
      // In HTTP/1 the connection's guard has looked.
      loop.securityEvents().refused(FramingFault.MISLEADING_FIELD, client(request));
      refuse(
          request,
          MalformedRequest.refusal(FramingFault.MISLEADING_FIELD, loop.options().limits()));
      return;
    }
    RequestTarget target;
    RouteTable.Match match;
    try {
      if (request.method().equals(HttpMethod.CONNECT)) {
        refuse(
            request,
            Problem.METHOD_NOT_SUPPORTED.because(
                "CONNECT is for forward proxies.", "Call the service's path."));
        return;
      }
      target = RequestTarget.parse(request.uri());
      if (reserved && Reserved.is(RouteTable.canonical(target.path()))) {
        manage(request);
        return;
      }
      match = loop.routes().table().find(target);
    } catch (Refused refused) {
      loop.securityEvents().refusedPath(refused, client(request));
      refuse(
          request,
          Problem.BAD_PATH.because(
              "The request is refused: " + refused.reason() + ".",
              "Send a plain path: no . or .. segments, no control characters, no slash in disguise"
                  + " before the service's own part."));
      return;
    }
    if (match == null) {
      refuse(request, unknown(target));
    } else if (RequestBody.isForeignCoding(request)) {
      refuse(
          request,
          Problem.TRANSFER_CODING.because(
              "Only the transfer coding chunked is supported.", "Send the body chunked."));
    } else {
      GatedExchange.pass(new Exchange(loop, request, match, target.suffix()), forwarder, !reserved);
    }
  }

  private static String client(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? "an unknown address" : address;
  }

  private void manage(HttpServerRequest request) {
    if (RequestBody.isAwaitingLeave(request)) {
      request.response().writeContinue();
    }
    management.handle(request);
  }

  private Refusal unknown(RequestTarget target) {
    RouteTable table = loop.routes().table();
    if (!table.known()) {
      return Problem.STARTING.because("The services are not known yet.", "Try again in a second.");
    }
    List<String> prefixes =
        table.routes().stream().map(route -> route.route().prefix()).sorted().toList();
    List<String> listed = prefixes.subList(0, Math.min(prefixes.size(), LISTED_PREFIXES));
    String fix;
    if (prefixes.isEmpty()) {
      fix = "There are no services. Put one into the services folder.";
    } else {
      fix =
          "Known prefixes: "
              + String.join(", ", listed)
              + (listed.size() < prefixes.size()
                  ? " and " + (prefixes.size() - listed.size()) + " more."
                  : ".");
    }
    return Problem.UNKNOWN_PREFIX
        .because("No service is served at " + shortened(target.path()) + ".", fix)
        .with("known_prefixes", listed);
  }

  private static String shortened(String path) {
    return path.length() <= 200 ? path : path.substring(0, 200) + "…";
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    loop.traffic().count(refusal.problem().status());
    loop.refuse(request, refusal);
  }

  private void failed(HttpServerRequest request, RuntimeException e) {
    LOG.error("{}: {} {} failed", Problem.INTERNAL.code(), request.method(), request.path(), e);
    refuse(
        request,
        Problem.INTERNAL.because("A fault of wasmrunner itself.", "The log has the details."));
  }
}
