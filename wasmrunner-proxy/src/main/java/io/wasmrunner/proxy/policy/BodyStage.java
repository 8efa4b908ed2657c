package io.wasmrunner.proxy.policy;

import io.vertx.core.buffer.Buffer;

/** Something that the body of an answer passes on its way. Confined to its event loop. */
public interface BodyStage {
  /** What becomes of a piece; it may be empty. */
  Buffer piece(Buffer piece);

  /** What follows after the last piece; it may be empty. */
  Buffer end();

  /** The answer ends here; frees what it holds. Called after {@link #end()}, too. */
  void close();
}
