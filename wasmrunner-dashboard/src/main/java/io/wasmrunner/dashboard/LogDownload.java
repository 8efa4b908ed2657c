package io.wasmrunner.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.BusAddress;
import io.wasmrunner.bus.LogFiles;
import io.wasmrunner.bus.LogFilesQuery;
import io.wasmrunner.eventbus.Bus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All log files of a service as one text, oldest line first, as they are at the moment of asking.
 */
final class LogDownload {
  static final int AT_ONCE = 8;

  private final Bus bus;
  private final LiveModel model;
  private final AtomicInteger running = new AtomicInteger();

  LogDownload(Bus bus, LiveModel model) {
    this.bus = bus;
    this.model = model;
  }

  void send(RoutingContext context) {
    String service = ManagementApi.known(model, context.pathParam("name")).name();
    if (running.incrementAndGet() > AT_ONCE) {
      running.decrementAndGet();
      throw Problem.tooManyReaders(AT_ONCE);
    }
    Future<Void> sent =
        bus.request(BusAddress.LOG_FILES, new LogFilesQuery(service), LogFiles.class)
            .compose(files -> open(context.vertx(), files))
            .compose(files -> send(context, service, files));
    sent.onComplete(done -> running.decrementAndGet()).onFailure(context::fail);
  }

  private Future<Void> send(RoutingContext context, String service, List<AsyncFile> files) {
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader(
            "Content-Disposition",
            "attachment; filename*=UTF-8''" + Paths.encode(service) + ".log");
    Future<Void> sent = Future.succeededFuture();
    if (!context.request().method().equals(HttpMethod.HEAD)) {
      response.setChunked(true);
      for (AsyncFile file : files) {
        sent =
            sent.compose(done -> file.pipe().endOnComplete(false).endOnFailure(false).to(response));
      }
    }
    return sent.eventually(() -> close(files)).compose(done -> response.end());
  }

  /** Opens all before the first is read: a rotation meanwhile renames them, no more. */
  private static Future<List<AsyncFile>> open(Vertx vertx, LogFiles files) {
    List<AsyncFile> opened = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (String path : files.paths()) {
      all =
          all.compose(
                  done ->
                      vertx
                          .fileSystem()
                          .open(
                              path,
                              new OpenOptions().setRead(true).setWrite(false).setCreate(false)))
              .compose(
                  file -> {
                    opened.add(file);
                    return file.size().map(size -> file.setReadLength(size)).mapEmpty();
                  });
    }
    return all.map(done -> opened).onFailure(failed -> close(opened));
  }

  private static Future<Void> close(List<AsyncFile> files) {
    return Future.join(files.stream().map(AsyncFile::close).toList()).mapEmpty();
  }
}
