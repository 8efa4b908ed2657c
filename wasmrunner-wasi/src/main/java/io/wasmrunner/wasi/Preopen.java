package io.wasmrunner.wasi;

import java.nio.file.Path;

/**
 * A folder that a guest may use.
 *
 * @param host folder on the host
 * @param guest absolute path under which the guest sees it
 * @param writable false for read only
 */
public record Preopen(Path host, String guest, boolean writable) {}
