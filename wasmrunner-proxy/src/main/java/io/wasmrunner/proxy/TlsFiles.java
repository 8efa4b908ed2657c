package io.wasmrunner.proxy;

import java.nio.file.Path;

/**
 * What the entry point proves its name with.
 *
 * @param certificates PEM file with the certificate, then those that lead to a trusted one
 * @param key PEM file with its private key, PKCS #8 or PKCS #1, not encrypted
 */
public record TlsFiles(Path certificates, Path key) {}
