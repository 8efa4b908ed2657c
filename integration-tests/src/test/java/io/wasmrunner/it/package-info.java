/** Tests of the shaded jar through its public doors: command line, ports, files. */
package io.wasmrunner.it;
