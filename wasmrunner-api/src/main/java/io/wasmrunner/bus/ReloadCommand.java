package io.wasmrunner.bus;

/** Takes over what the services folder holds now; answers with what that changes. */
public record ReloadCommand() implements BusMessage {}
