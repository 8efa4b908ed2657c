package io.wasmrunner.wasi;

import java.nio.file.Path;

/**
 * Settings of an {@link Engine}.
 *
 * @param cacheDirectory folder of the compiled-code cache; made when missing, with access for the
 *     owner only
 * @param cacheLimitBytes size that the cache is kept below, oldest use first; 0 turns the cache off
 * @param compileThreads threads that compile in the background, at least 1
 * @param compile false runs every module interpreted (about 25 to 60 times slower)
 */
public record EngineOptions(
    Path cacheDirectory, long cacheLimitBytes, int compileThreads, boolean compile) {

  /** Default of {@code cacheLimitBytes}: 512 MiB. */
  public static final long DEFAULT_CACHE_LIMIT_BYTES = 512L << 20;

  /** Checks ranges. */
  public EngineOptions {
    if (cacheLimitBytes < 0) {
      throw new IllegalArgumentException("cacheLimitBytes is negative: " + cacheLimitBytes);
    }
    if (compileThreads < 1) {
      throw new IllegalArgumentException("compileThreads must be at least 1: " + compileThreads);
    }
  }

  /** Compile in the background on one processor, so that others serve; cache in the folder. */
  public static EngineOptions defaults(Path cacheDirectory) {
    return new EngineOptions(cacheDirectory, DEFAULT_CACHE_LIMIT_BYTES, 1, true);
  }
}
