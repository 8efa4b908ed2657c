package io.wasmrunner.scheduler;

import io.wasmrunner.model.Payload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** Publishes until it is killed, and prints the identity of each message that is on disk. */
final class PublishingProcess {
  static final String QUEUE = "orders";

  private PublishingProcess() {}

  public static void main(String[] arguments) throws Exception {
    SqlStore store = SqlStore.open(Path.of(arguments[0]), 1L << 30, Clock.systemUTC());
    List<Subscription> subscriptions =
        store
            .subscribe(Set.of(new Subscription.Key(QUEUE, "billing", "/")))
            .toCompletableFuture()
            .join();
    Payload body = Payload.of("x".repeat(512).getBytes(StandardCharsets.UTF_8));
    Random random = new Random();
    Semaphore places = new Semaphore(32);
    while (true) {
      places.acquire();
      Instant now = Instant.now();
      NewMessage message =
          new NewMessage(MessageId.next(now, random), QUEUE, "text/plain", body, now);
      store
          .publish(message, subscriptions)
          .whenComplete(
              (count, failure) -> {
                if (failure == null) {
                  System.out.println(message.id() + ".");
                  System.out.flush();
                }
                places.release();
              });
    }
  }
}
