package io.wasmrunner.scheduler;

import static io.wasmrunner.scheduler.TestingServices.service;

import io.wasmrunner.model.ServiceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** Measures publishing through the bus, every reply after its commit. Arguments: a folder. */
final class PublishRate {
  private static final String BODY = "x".repeat(512);

  private PublishRate() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "publish-rate");
    TestingScheduler scheduler = new TestingScheduler(folder);
    scheduler.services.put(service("billing").listen("orders", "/orders").state(ServiceState.DOWN));
    scheduler.start();
    for (int concurrency : new int[] {1, 64, 1, 64}) {
      System.out.printf(
          "%d at once: %,.0f messages/s%n", concurrency, rate(scheduler, concurrency));
    }
    scheduler.services.put(service("billing").listen("orders", "/orders"));
    long pending = scheduler.queue("orders").pending();
    long started = System.nanoTime();
    while (scheduler.queue("orders").delivered() < pending) {
      Thread.sleep(20);
    }
    System.out.printf("delivered: %,.0f messages/s%n", pending / seconds(started));
    scheduler.close();
  }

  private static double rate(TestingScheduler scheduler, int concurrency) throws Exception {
    int messages = concurrency == 1 ? 2_000 : 5_000;
    Semaphore places = new Semaphore(concurrency);
    long started = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      places.acquire();
      scheduler
          .publishing("orders", BODY)
          .onFailure(Throwable::printStackTrace)
          .onComplete(done -> places.release());
    }
    places.acquire(concurrency);
    return messages / seconds(started);
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
