package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import io.wasmrunner.proxy.resilience.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * vertx-web-proxy as it comes, behind the same routing and balancing: the reference that {@link
 * NativeForwarder} is compared with. It has no time-outs but for the connection, no retries after a
 * connection broke, and no problem details when a service fails. Ejection, circuit breaker and
 * limits work; of answers that do not come they see nothing.
 */
final class WebProxyForwarder implements Forwarder {
  private static final int MAX_HEADER_BYTES = 64 * 1024;

  private final ProxyLoop loop;
  private final HttpClient client;
  private final Router router;
  private @Nullable Exchange current;

  WebProxyForwarder(ProxyLoop loop) {
    ProxyLimits limits = loop.options().limits();
    this.loop = loop;
    this.client =
        loop.vertx()
            .createHttpClient(
                clientOptions(),
                new PoolOptions()
                    .setHttp1MaxSize(limits.connectionsPerRunner())
                    .setMaxWaitQueueSize(limits.waitingPerRunner()));
    this.router = Router.router(loop.vertx());
    this.router
        .route()
        .handler(
            routing -> {
              Exchange exchange = current;
              if (exchange != null) {
                ProxyHandler.create(proxy(exchange)).handle(routing);
              }
            });
  }

  private static HttpClientOptions clientOptions() {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setKeepAlive(true)
        .setPipelining(false)
        .setTcpNoDelay(true)
        .setDecompressionSupported(false)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxInitialLineLength(MAX_HEADER_BYTES);
  }

  @Override
  public void forward(Exchange exchange) {
    // The router calls its handler before handle() returns.
    current = exchange;
    router.handle(exchange.request());
    current = null;
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }

  private HttpProxy proxy(Exchange exchange) {
    Attempt attempt = new Attempt(loop);
    return HttpProxy.reverseProxy(client)
        .origin(context -> connect(exchange, new Attempts(exchange), attempt))
        .addInterceptor(new Rewriting(exchange, attempt), true);
  }

  private Future<HttpClientRequest> connect(Exchange exchange, Attempts attempts, Attempt attempt) {
    LiveUpstream upstream = attempts.next();
    if (upstream == null) {
      exchange.refuse(attempts.exhausted());
      return Future.failedFuture("no runner");
    }
    upstream.begin();
    attempt.begin(upstream);
    Promise<Void> over = Promise.promise();
    over.future()
        .onComplete(
            ended -> {
              upstream.end();
              exchange.visit().over();
            });
    exchange
        .response()
        .endHandler(
            ended -> {
              over.tryComplete();
              exchange.over();
            });
    if (exchange.isWebSocket() && exchange.request().connection() instanceof ConnectionBase tcp) {
      // After the upgrade there is no end of the response.
      tcp.channel().closeFuture().addListener(closed -> over.tryComplete());
    }
    long millis = exchange.route().route().traffic().timeouts().connect().toMillis();
    return client
        .request(
            new RequestOptions()
                .setServer(upstream.socket())
                .setHost(upstream.address().host())
                .setPort(upstream.address().port())
                .setConnectTimeout(millis))
        .map(
            request -> {
              exchange.response().putHeader(Answer.RUNNER, upstream.label());
              exchange.visit().answeredBy(upstream.label());
              return request;
            })
        .recover(
            cause -> {
              over.tryComplete();
              attempt.ended(exchange, Outcome.CONNECT);
              loop.suspicions().tell(upstream, "did not take a connection: " + cause.getMessage());
              attempts.exclude(upstream, UpstreamFailure.refused(exchange));
              return connect(exchange, attempts, attempt);
            });
  }

  /** The runner that a request went to last, and since when. */
  private static final class Attempt {
    private final ProxyLoop loop;
    private @Nullable LiveUpstream upstream;
    private long since;

    Attempt(ProxyLoop loop) {
      this.loop = loop;
    }

    void begin(LiveUpstream next) {
      upstream = next;
      since = loop.deadlines().preciseNow();
    }

    void ended(Exchange exchange, Outcome outcome) {
      if (upstream != null) {
        exchange.ended(upstream, loop.deadlines().preciseNow() - since, outcome);
      }
    }
  }

  private record Rewriting(Exchange exchange, Attempt attempt) implements ProxyInterceptor {
    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      context.request().setURI(exchange.uri());
      context.request().headers().remove(ForwardedHeaders.INNER_TOKEN);
      context.request().headers().remove("X-Wasmrunner-Identity");
      context.request().headers().remove("X-Wasmrunner-Auth");
      exchange.admit(context.request().headers());
      return context.sendRequest();
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
      context.response().headers().remove(Answer.RUNNER);
      int status = context.response().getStatusCode();
      exchange.count(status);
      exchange.addAnswerHeadersTo(context.response().headers());
      attempt.ended(exchange, status >= 500 ? Outcome.STATUS : Outcome.OK);
      if (status == 101) {
        exchange.over(); // It may last for days.
        HttpConnection client = exchange.request().connection();
        exchange.loop().clients().forget(client);
        FramingGuard.dismiss(client);
      }
      return context.sendResponse();
    }
  }
}
