package io.wasmrunner.runtime;

import io.wasmrunner.bus.UpstreamActivity;
import io.wasmrunner.model.RunnerId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells how busy a generation of a runner is, and was. */
interface RequestsUnderWay {
  /** For runners that nobody sends requests to. */
  RequestsUnderWay NONE =
      (runner, generation) -> CompletableFuture.completedFuture(UpstreamActivity.NONE);

  /** Asks; any thread completes the answer, exceptionally when it cannot be told. */
  CompletionStage<UpstreamActivity> ask(RunnerId runner, long generation);
}
