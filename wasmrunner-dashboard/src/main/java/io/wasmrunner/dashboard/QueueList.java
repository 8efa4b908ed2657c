package io.wasmrunner.dashboard;

import io.wasmrunner.model.QueueStatus;
import java.util.List;

/** Queues, as the management API lists them. */
record QueueList(List<QueueStatus> queues) {}
