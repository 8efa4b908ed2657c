package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import org.jspecify.annotations.Nullable;

/**
 * vertx-web-proxy as it comes, behind the same routing and balancing: the reference that {@link
 * NativeForwarder} is compared with. It has no time-outs but for the connection, no retries after a
 * connection broke, and no problem details when a service fails.
 */
final class WebProxyForwarder implements Forwarder {
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
                NativeForwarder.clientOptions(),
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
    return HttpProxy.reverseProxy(client)
        .origin(context -> connect(exchange, new Attempts(exchange)))
        .addInterceptor(new Rewriting(exchange), true);
  }

  private Future<HttpClientRequest> connect(Exchange exchange, Attempts attempts) {
    LiveUpstream upstream = attempts.next();
    if (upstream == null) {
      exchange.refuse(attempts.exhausted());
      return Future.failedFuture("no runner");
    }
    upstream.begin();
    Promise<Void> over = Promise.promise();
    over.future()
        .onComplete(
            ended -> {
              upstream.end();
              exchange.visit().over();
            });
    exchange.response().endHandler(ended -> over.tryComplete());
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
              loop.suspicions().tell(upstream, "did not take a connection: " + cause.getMessage());
              attempts.exclude(upstream, UpstreamFailure.refused(exchange));
              return connect(exchange, attempts);
            });
  }

  private record Rewriting(Exchange exchange) implements ProxyInterceptor {
    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      context.request().setURI(exchange.uri());
      context.request().headers().remove(ForwardedHeaders.INNER_TOKEN);
      return context.sendRequest();
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
      context.response().headers().remove(Answer.RUNNER);
      int status = context.response().getStatusCode();
      exchange.count(status);
      if (status == 101) {
        HttpConnection client = exchange.request().connection();
        exchange.loop().clients().forget(client);
        FramingGuard.dismiss(client);
      }
      return context.sendResponse();
    }
  }
}
