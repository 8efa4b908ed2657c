package io.wasmrunner.proxy;

import java.nio.file.Path;

/**
 * How clients prove who they are in TLS.
 *
 * @param required whether those without a certificate are turned away
 * @param authorities PEM file with the authorities whose certificates count
 * @param subjectHeader whether services get the certificate's subject in {@code WR-Client-Subject}
 */
public record ClientCertificates(boolean required, Path authorities, boolean subjectHeader) {}
