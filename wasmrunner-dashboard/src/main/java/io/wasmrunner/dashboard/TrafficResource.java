package io.wasmrunner.dashboard;

import io.wasmrunner.model.TrafficStatus;
import java.util.List;

/** How the proxy stands to services, as the management API shows it. */
record TrafficResource(List<TrafficStatus> services) {}
