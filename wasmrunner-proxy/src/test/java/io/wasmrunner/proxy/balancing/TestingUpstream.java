package io.wasmrunner.proxy.balancing;

import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.spi.BalancedRequest;
import io.wasmrunner.spi.LoadBalancingStrategy;
import io.wasmrunner.spi.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A runner whose weight and load the test says. */
final class TestingUpstream implements Upstream {
  private final int index;
  int activeRequests;
  double weight = 1;

  TestingUpstream(int index) {
    this.index = index;
  }

  static TestingUpstream weighing(int index, double weight) {
    TestingUpstream upstream = new TestingUpstream(index);
    upstream.weight = weight;
    return upstream;
  }

  static TestingUpstream busy(int index, int activeRequests) {
    TestingUpstream upstream = new TestingUpstream(index);
    upstream.activeRequests = activeRequests;
    return upstream;
  }

  static List<Upstream> several(int count) {
    List<Upstream> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new TestingUpstream(i));
    }
    return all;
  }

  /** How often each index is chosen. */
  static Map<Integer, Integer> chosen(
      LoadBalancingStrategy strategy,
      List<Upstream> available,
      BalancedRequest request,
      int times) {
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      counts.merge(strategy.choose(available, request).id().index(), 1, Integer::sum);
    }
    return counts;
  }

  @Override
  public RunnerId id() {
    return new RunnerId("s", index);
  }

  @Override
  public RunnerAddress address() {
    return new RunnerAddress("127.0.0.1", 1);
  }

  @Override
  public int activeRequests() {
    return activeRequests;
  }

  @Override
  public double weight() {
    return weight;
  }

  @Override
  public String toString() {
    return "runner " + index;
  }
}
