package io.wasmrunner.proxy.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wasmrunner.model.ConcurrencyLimit;
import io.wasmrunner.proxy.resilience.ConcurrencyGate.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many are let in. */
final class ConcurrencyGateTest {
  private static ConcurrencyGate gate(int max, int queue) {
    return new ConcurrencyGate(new ConcurrencyLimit(max, false, queue, Duration.ofSeconds(1)));
  }

  @Test
  void theLimitIsKeptTheQueueIsInOrderAndBounded() {
    ConcurrencyGate gate = gate(2, 2);
    List<String> in = new ArrayList<>();

    assertThat(gate.enter(() -> in.add("a"))).isEqualTo(Entry.IN);
    assertThat(gate.enter(() -> in.add("b"))).isEqualTo(Entry.IN);
    assertThat(gate.enter(() -> in.add("c"))).isEqualTo(Entry.WAITS);
    assertThat(gate.enter(() -> in.add("d"))).isEqualTo(Entry.WAITS);
    assertThat(gate.enter(() -> in.add("e"))).isEqualTo(Entry.FULL);
    gate.leave();
    assertThat(in).containsExactly("c");
    assertThat(gate.enter(() -> in.add("f"))).as("not past d").isEqualTo(Entry.WAITS);
    gate.leave();
    gate.leave();

    assertThat(in).containsExactly("c", "d", "f");
    assertThat(gate.inside()).isEqualTo(2);
    gate.leave();
    gate.leave();
    assertThat(gate.inside()).isZero();
  }

  @Test
  void whoGaveUpOrIsGoneLeavesHisPlaceToTheNext() {
    ConcurrencyGate gate = gate(1, 5);
    List<String> in = new ArrayList<>();
    gate.enter(() -> true);
    ConcurrencyGate.Waiter givesUp = () -> in.add("never");
    gate.enter(givesUp);
    gate.enter(() -> false);
    gate.enter(() -> in.add("next"));
    gate.giveUp(givesUp);
    assertThat(gate.waiting()).isEqualTo(2);

    gate.leave();

    assertThat(in).containsExactly("next");
    assertThat(gate.inside()).isEqualTo(1);
  }

  @Test
  void nobodyIsForgottenWhenManyThreadsComeAndGo() throws Exception {
    ConcurrencyGate gate = gate(3, 100_000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicInteger served = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    int each = 5_000;
    for (int t = 0; t < 4; t++) {
      threads.execute(
          () -> {
            try {
              start.await();
            } catch (InterruptedException e) {
              return;
            }
            Runnable work =
                () -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  inside.decrementAndGet();
                  served.incrementAndGet();
                  gate.leave();
                };
            for (int i = 0; i < each; i++) {
              ConcurrencyGate.Waiter waiter =
                  () -> {
                    threads.execute(work);
                    return true;
                  };
              if (gate.enter(waiter) == Entry.IN) {
                work.run();
              }
            }
          });
    }
    start.countDown();

    await().until(() -> served.get() == 4 * each);
    threads.shutdown();
    assertThat(gate.inside()).isZero();
    assertThat(gate.waiting()).isZero();
    assertThat(most.get()).isLessThanOrEqualTo(3);
  }
}
