package io.wasmrunner.dashboard;

import io.wasmrunner.model.ProbeStatus;
import io.wasmrunner.model.RunnerActivity;
import io.wasmrunner.model.RunnerExit;
import io.wasmrunner.model.RunnerState;
import io.wasmrunner.model.RunnerStatus;
import io.wasmrunner.model.TrafficStatus.RunnerTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A runner, ready to be shown. */
record RunnerView(
    int index,
    int port,
    String state,
    String css,
    When since,
    @Nullable When nextStart,
    @Nullable Probe probe,
    @Nullable When ejectedUntil,
    String memory,
    String limit,
    Bar bar,
    String cpu,
    List<Note> notes,
    String restarts,
    String code,
    @Nullable Exit exit) {

  /** The last probe. */
  record Probe(String key, String css, When at, String latency, String detail) {
    static Probe of(ProbeStatus probe, Figures figures) {
      return new Probe(
          probe.healthy() ? "probe.passed" : "probe.failed",
          (probe.healthy() ? Tone.OK : Tone.WARN).css(),
          figures.when(probe.at()),
          figures.duration(probe.latency()),
          probe.detail());
    }
  }

  /** Something that it was refused, or what it does while it does not answer. */
  record Note(String key, String figure) {}

  /** How the generation before ended. */
  record Exit(String key, String advice, When at, String detail, List<String> output) {
    static Exit of(RunnerExit exit, List<String> output, Figures figures) {
      return new Exit(
          "exit." + exit.cause().key(),
          "advice." + exit.cause().key(),
          figures.when(exit.at()),
          exit.detail(),
          output);
    }
  }

  static RunnerView of(RunnerStatus runner, Figures figures) {
    return of(runner, Optional.empty(), figures);
  }

  static RunnerView of(RunnerStatus runner, Optional<RunnerTraffic> traffic, Figures figures) {
    return new RunnerView(
        runner.id().index(),
        runner.address().port(),
        "runner." + runner.state(),
        Tone.of(runner.state()).css(),
        figures.when(runner.since()),
        orNull(runner.nextStartAt().map(figures::due)),
        orNull(runner.lastProbe().map(probe -> Probe.of(probe, figures))),
        orNull(traffic.flatMap(RunnerTraffic::ejectedUntil).map(figures::due)),
        figures.bytes(runner.memoryBytes()),
        figures.bytes(runner.memoryLimitBytes()),
        Bar.of(runner.memoryBytes(), runner.memoryLimitBytes()),
        figures.duration(runner.cpu()),
        notes(runner, figures),
        figures.count(runner.restarts()),
        figures.code(runner.code()),
        orNull(runner.lastExit().map(exit -> Exit.of(exit, output(runner), figures))));
  }

  /** What the generation before said last. */
  private static List<String> output(RunnerStatus runner) {
    return runner.past().isEmpty() ? List.of() : runner.past().get(0).output();
  }

  private static List<Note> notes(RunnerStatus runner, Figures figures) {
    RunnerActivity activity = runner.activity();
    List<Note> notes = new ArrayList<>();
    if (runner.state() == RunnerState.UNHEALTHY && !activity.lastCall().isEmpty()) {
      notes.add(new Note("runners.lastCall", activity.lastCall()));
    }
    if (!activity.throttled().isZero()) {
      notes.add(new Note("runners.throttled", figures.duration(activity.throttled())));
    }
    note(notes, "runners.memoryRefused", runner.memoryRefusals(), figures);
    note(notes, "runners.descriptorsRefused", activity.descriptorRefusals(), figures);
    note(notes, "runners.linesDropped", runner.droppedLines(), figures);
    return notes;
  }

  private static void note(List<Note> notes, String key, long count, Figures figures) {
    if (count > 0) {
      notes.add(new Note(key, figures.count(count)));
    }
  }

  private static <T> @Nullable T orNull(Optional<T> value) {
    return value.orElse(null);
  }
}
