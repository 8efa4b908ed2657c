package io.wasmrunner.model;

import java.nio.file.Path;

/**
 * A folder of the host that a service may use.
 *
 * @param host the folder, absolute
 * @param guest absolute path under which the guest sees it
 * @param readOnly whether it may only read
 */
public record PreopenDefinition(Path host, String guest, boolean readOnly) {}
