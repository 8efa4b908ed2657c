package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells how many requests a generation of a runner is serving. */
interface RequestsUnderWay {
  /** For runners that nobody sends requests to. */
  RequestsUnderWay NONE = (runner, generation) -> CompletableFuture.completedFuture(0);

  /** Asks; any thread completes the answer, exceptionally when it cannot be told. */
  CompletionStage<Integer> ask(RunnerId runner, long generation);
}
