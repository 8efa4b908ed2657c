package io.wasmrunner.wasi;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many cases the fuzz tests try, and from which seed: {@code -Dwasi.fuzz.cases=100000}, {@code
 * -Dwasi.fuzz.seed=7}. A case depends on its number and the seed alone, so {@code
 * -Dwasi.fuzz.first=N -Dwasi.fuzz.cases=1} repeats one.
 */
final class FuzzSettings {
  private static final long SEED = Long.getLong("wasi.fuzz.seed", 20_261_125);
  private static final int FIRST = Integer.getInteger("wasi.fuzz.first", 0);
  private static final long MOST_SECONDS = 60;

  private static final Logger log = LoggerFactory.getLogger(FuzzSettings.class);

  private FuzzSettings() {}

  /** One case; what it throws is what has been found. */
  interface Case {
    void run(int number, Random random) throws Exception;
  }

  /** The number of cases, {@code usual} in the ordinary build. */
  static int cases(int usual) {
    return Integer.getInteger("wasi.fuzz.cases", usual);
  }

  /** Runs the cases on a thread of their own; one that takes a minute is a failure. */
  static void run(int usual, Case tried) {
    int end = FIRST + cases(usual);
    int[] current = {FIRST};
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                for (; current[0] < end; current[0]++) {
                  tried.run(current[0], new Random(SEED * 1_000_003 + current[0]));
                }
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            },
            "fuzz",
            16 << 20);
    thread.setDaemon(true);
    thread.start();
    int seen = -1;
    while (true) {
      try {
        done.get(MOST_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        if (current[0] == seen) {
          AssertionError hangs = new AssertionError("Case " + seen + " of seed " + SEED + " hangs");
          hangs.setStackTrace(thread.getStackTrace());
          throw hangs;
        }
        seen = current[0];
      } catch (ExecutionException e) {
        throw new AssertionError("Case " + current[0] + " of seed " + SEED, e.getCause());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Tells what came of the cases, to whoever asked for a number of them. */
  static void report(String what, Object counts) {
    if (Integer.getInteger("wasi.fuzz.cases") != null) {
      log.warn("{}, from seed {}: {}", what, SEED, counts);
    }
  }
}
