package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.bus.SchedulesSnapshot;
import io.wasmrunner.bus.ServicesSnapshot;
import io.wasmrunner.model.ServiceState;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LiveModelTest {
  private final LiveModel model = new LiveModel();

  @Test
  void keepsTheNewestServices() {
    assertThat(model.services()).isEmpty();
    assertThat(model.replaceServices(services(5, "new"))).isTrue();

    assertThat(model.replaceServices(services(4, "old"))).isFalse();
    assertThat(model.service("new")).isPresent();
    assertThat(model.replaceServices(services(6, "newer"))).isTrue();
    assertThat(model.service("new")).isEmpty();
  }

  @Test
  void changesOfUnknownListsWaitForTheSnapshot() {
    assertThat(model.putSchedule(Samples.schedule("a", 0, "/x", false))).isFalse();
    assertThat(model.putQueues(List.of(Samples.queue("q", 0)))).isFalse();
    assertThat(model.schedules()).isEmpty();
    assertThat(model.queues()).isEmpty();
  }

  @Test
  void mergesChangesInOrder() {
    model.replaceSchedules(
        new SchedulesSnapshot(
            true,
            List.of(
                Samples.schedule("b", 0, "/x", false), Samples.schedule("a", 10, "/x", false))));
    model.putSchedule(Samples.schedule("a", 2, "/x", false));
    assertThat(model.putSchedule(Samples.schedule("b", 0, "/x", true))).isTrue();

    assertThat(model.schedules().orElseThrow())
        .extracting(schedule -> schedule.id())
        .containsExactly("a/2", "a/10", "b/0");
    assertThat(model.schedule("b", 0).orElseThrow().paused()).isTrue();

    model.replaceQueues(List.of(Samples.queue("z", 0), Samples.queue("a", 0)));
    model.putQueues(List.of(Samples.queue("a", 9)));
    assertThat(model.queue("a").orElseThrow().dead()).isEqualTo(9);
    assertThat(model.queues().orElseThrow()).hasSize(2);
  }

  private static ServicesSnapshot services(long revision, String name) {
    return new ServicesSnapshot(
        revision, List.of(Samples.service(name, "", null, 15001, ServiceState.STOPPED)));
  }
}
