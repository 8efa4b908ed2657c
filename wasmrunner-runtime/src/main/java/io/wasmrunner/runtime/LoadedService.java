package io.wasmrunner.runtime;

import java.util.Optional;

/**
 * A service with the file that it came from, for the checks over all services.
 *
 * @param entry the service
 * @param json its service.json, if that could be parsed
 */
record LoadedService(ServiceEntry entry, Optional<ServiceJson> json) {}
