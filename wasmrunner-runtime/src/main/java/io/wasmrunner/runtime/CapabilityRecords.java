package io.wasmrunner.runtime;

import io.wasmrunner.model.ServiceDefinition;

/** Makes the record of what the runners of a version reach and are refused. */
interface CapabilityRecords {
  CapabilityRecord of(ServiceDefinition service);
}
